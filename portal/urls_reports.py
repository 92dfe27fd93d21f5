"""The addresses of a brand's reports and of how they look, a part of `urls_brand`."""

from django.urls import path

from portal.brand import (
    look,
    look_shown,
    report_figures,
    reports,
    reports_key,
    reports_new,
    reports_one,
    reports_rule,
    reports_shared,
    reports_verify,
)

REPORTS = [
    path("look/", look.look, name="look"),
    path("look/preview", look.preview, name="look_preview"),
    path("look/example.pdf", look.example, name="look_example"),
    path("look.css", look_shown.sheet, name="look_sheet"),
    path("reports/", reports.list_page, name="reports"),
    path("reports/new", reports_new.new, name="report_new"),
    path("reports/preview", reports_new.preview, name="report_preview"),
    path("reports/rules", reports_rule.rule, name="report_rules"),
    path("reports/key", reports_rule.key, name="report_key"),
    path("reports/own-key", reports_key.bring, name="report_key_bring"),
    path("reports/<uuid:report_id>/", reports_one.report_page, name="report"),
    path("reports/<uuid:report_id>/progress", reports_one.progress, name="report_progress"),
    path("reports/<uuid:report_id>/step", reports_one.step, name="report_step"),
    path("reports/<uuid:report_id>/report.pdf", reports_one.paper, name="report_paper"),
    path("reports/<uuid:report_id>/pictures/<str:digest>", reports_one.picture, name="report_picture"),
    path("reports/<uuid:report_id>/rows", report_figures.rows, name="report_rows"),
    path("reports/<uuid:report_id>/compare", reports.compare, name="report_compare"),
    path("reports/<uuid:report_id>/readers", reports_one.reader, name="report_reader"),
    path("reports/<uuid:report_id>/links", reports_one.share, name="report_share"),
    path("reports/<uuid:report_id>/links/<uuid:share_id>/end", reports_one.share_end, name="report_share_end"),
    path("s/report", reports_shared.shared, name="report_shared"),
    path("s/report/pictures/<str:digest>", reports_shared.picture, name="report_shared_picture"),
    path("s/report.pdf", reports_shared.paper, name="report_shared_paper"),
    path("verify", reports_verify.verify, name="report_verify"),
]
