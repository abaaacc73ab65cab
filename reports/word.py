"""A report as a Word document that its readers go on editing: real headings, captions, contents, page numbers; same content, same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from reports.content import Chart, Report, Section, Signatures, Table, Text
from reports.inert import inert
from reports.packing import placed, repacked
from reports.word_page import every_page, paper, style
from reports.word_tables import facts_xml, signatures_xml, table_xml
from reports.word_xml import bookmarked, element, field, paragraph, runs
from words import _, day, speaking

TITLE = 300  # of a heading or a caption
_CM = 360_000  # English Metric Units
_TEMPLATES_OWN = {"thumbnail", "stylesWithEffects", "customXml"}  # parts of python-docx's template that say nothing of ours


def write(report: Report, path: Path) -> Path:
    """`report` as .docx at `path`."""
    with speaking(report.language):
        made = BytesIO()
        _Body(report).document.save(made)
    return placed(repacked(made.getvalue()), path)


@dataclass
class _Body:
    """The document while it is written, from its first page to its last."""

    report: Report
    tables: int = 0
    figures: int = 0
    wide: bool = False

    def __post_init__(self) -> None:
        from docx import Document

        self.document: Any = Document()
        self.width = paper(self.document.sections[0], wide=False)
        style(self.document, "tr-TR" if self.report.language == "tr" else "en-GB", self.width)
        every_page(self.document.sections[0], self.report)
        self._properties()
        self._title_page()
        self._contents()
        for number, section in enumerate(self.report.sections):
            self._section(number, section)

    def _add(self, *parts: Any) -> None:
        """Before the properties of the last section, which end the body."""
        for part in parts:
            self.document.element.body[-1].addprevious(part)

    def _title_page(self) -> None:
        report = self.report
        self._add(
            paragraph("Institution", inert(report.institution, TITLE)),
            paragraph("Title", inert(report.title, TITLE)),
            paragraph("Subtitle", inert(report.subtitle, TITLE)),
        )
        if report.facts:
            self._add(facts_xml(list(report.facts), self.width))
        made_on = paragraph("Subtitle", day(report.made_on))
        made_on.pPr.append(element("spacing", before=800, after=0))
        self._add(made_on)

    def _contents(self) -> None:
        """The headings as links. Word puts the page numbers in when it updates the field, for which it asks when it opens the file:
        nobody else knows where its pages end."""
        heading = paragraph("TOCHeading", _("Contents"))
        heading.pPr.append(element("pageBreakBefore"))
        begin, said, shown, _result, end = field('TOC \\o "1-2" \\h \\z \\u', "")
        entries = [self._entry(number, section) for number, section in enumerate(self.report.sections)] or [paragraph("TOC1", "")]
        for at, part in enumerate((begin, said, shown)):
            entries[0].insert(1 + at, part)
        entries[-1].append(end)
        self._add(heading, *entries)

    def _entry(self, number: int, section: Section) -> Any:
        link = element("hyperlink", *runs(inert(section.title, TITLE)), anchor=_mark(number), history=1)
        return element("p", element("pPr", element("pStyle", val="TOC1" if section.level == 1 else "TOC2")), link)

    def _section(self, number: int, section: Section) -> None:
        turned = section.wide != self.wide
        if turned:
            self.wide = section.wide
            page = self.document.add_section()
            page.different_first_page_header_footer = False
            self.width = paper(page, wide=section.wide)
        heading = element("p", element("pPr", element("pStyle", val="Heading1" if section.level == 1 else "Heading2")))
        if section.new_page and not turned:
            heading.pPr.append(element("pageBreakBefore"))
        heading.extend(bookmarked(runs(inert(section.title, TITLE)), number, _mark(number)))
        self._add(heading)
        for block in section.blocks:
            if isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Chart):
                self._chart(block)
            elif isinstance(block, Signatures):
                self._add(signatures_xml(list(block.roles), self.width), paragraph("TableNote", ""))
            else:
                self._text(block)

    def _text(self, block: Text) -> None:
        for text in block.paragraphs:
            self._add(paragraph("ListBullet" if block.listed else "Normal", inert(text, lines=True)))

    def _table(self, table: Table) -> None:
        self.tables += 1
        self._caption(_("Table"), self.tables, table.caption, keep=True)
        self._add(table_xml(table, self.width))
        notes = [paragraph("TableNote", inert(note, lines=True)) for note in table.notes]
        self._add(*(notes or [paragraph("TableNote", "")]))

    def _chart(self, chart: Chart) -> None:
        from docx.oxml.ns import qn
        from docx.shared import Emu

        from reports.charts_render import PNG, render

        shown = self.document.add_paragraph(style="Normal")
        shown.paragraph_format.keep_with_next = True
        drawn = shown.add_run().add_picture(BytesIO(render(chart.spec, PNG)))
        ratio = min(self.width * 635 / drawn.width, (13 if self.wide else 17) * _CM / drawn.height)
        drawn.width, drawn.height = Emu(int(drawn.width * ratio)), Emu(int(drawn.height * ratio))
        named = shown.paragraph_format.element.find(f".//{qn('wp:docPr')}")
        named.set("name", inert(chart.name, 80))
        named.set("descr", inert(chart.alt, 2_000))
        self.figures += 1
        self._caption(_("Figure"), self.figures, chart.caption, keep=False)
        self._table(chart.data)

    def _caption(self, label: str, number: int, text: str, *, keep: bool) -> None:
        made = element("p", element("pPr", element("pStyle", val="Caption")))
        if keep:
            made.pPr.append(element("keepNext"))
        made.extend([*runs(f"{label} "), *field(f"SEQ {label} \\* ARABIC", str(number)), *runs(f": {inert(text, TITLE)}")])
        self._add(made)

    def _properties(self) -> None:
        """Whose document it is; its dates are the snapshot's. The template's own thumbnail, author and age are taken away."""
        from docx.oxml.ns import qn

        report, said = self.report, self.document.core_properties
        said.author = said.last_modified_by = inert(report.institution, 250)
        said.title, said.subject = inert(report.title, 250), inert(report.subtitle, 250)
        said.language = "tr-TR" if report.language == "tr" else "en-GB"
        said.keywords, said.comments, said.category = "", "", inert(report.mark, 40)
        said.created = said.modified = datetime.combine(report.made_on, time(), UTC)
        said.revision = 1
        for rels in (self.document.part.package.rels, self.document.part.rels):
            for key in [key for key, rel in rels.items() if rel.reltype.rpartition("/")[2] in _TEMPLATES_OWN]:
                del rels[key]
        settings = self.document.settings.element
        settings.insert_element_before(
            element("updateFields", val="true"), "w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat"
        )
        for setting in settings.iter(qn("w:compatSetting")):
            if setting.get(qn("w:name")) == "compatibilityMode":
                setting.set(qn("w:val"), "15")
        for language in settings.iter(qn("w:themeFontLang")):
            language.set(qn("w:val"), said.language)


def _mark(number: int) -> str:
    return f"_Toc{number:06}"
