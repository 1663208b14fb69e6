from django.urls import include, path

urlpatterns = [path("simulator/", include("whatsapp.simulator.urls"))]
