from django.urls import path

from raffles.desk.pages import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("queue/", views.queue, name="desk_queue"),
    path("cards/<int:order_id>/", views.card, name="desk_card"),
    path("cards/<int:order_id>/open/", views.open_, name="desk_open"),
    path("cards/<int:order_id>/take-over/", views.take_over, name="desk_take_over"),
    path("cards/<int:order_id>/leave/", views.leave, name="desk_leave"),
    path("cards/<int:order_id>/decide/", views.decision, name="desk_decide"),
    path("verdicts/<int:verdict_id>/undo/", views.undo, name="desk_undo"),
]
