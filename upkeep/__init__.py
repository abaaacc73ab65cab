"""What keeps a running mecra whole: backup and restore, incidents and alarms, health, purge, export."""
