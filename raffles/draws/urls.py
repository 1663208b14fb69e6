from django.urls import path

from raffles.draws import minutes_pages

app_name = "draws"
urlpatterns = [
    path("draw/<int:draw_id>/minutes.pdf", minutes_pages.as_pdf, name="minutes_pdf"),
    path("draw/<int:draw_id>/minutes.json", minutes_pages.as_json, name="minutes_json"),
]
