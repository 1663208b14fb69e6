from django.urls import path

from raffles.evidence.pages import views

urlpatterns = [
    path("receipts/<int:proof_id>/<int:page>/", views.receipt, name="evidence_receipt"),
    path("receipts/<int:proof_id>/thumbnail/", views.thumbnail, name="evidence_thumbnail"),
    path("compare/<int:proof_id>/<int:other_id>/", views.compare, name="evidence_compare"),
    path("compare/<int:proof_id>/<int:other_id>/<int:side>/", views.compared, name="evidence_compared"),
]
