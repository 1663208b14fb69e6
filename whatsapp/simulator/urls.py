from django.urls import path

from . import faults_page, graph, phone_page

app_name = "simulator"
urlpatterns = [
    path("", phone_page.page, name="page"),
    path("api/state", phone_page.state, name="state"),
    path("api/players", phone_page.new_player, name="new-player"),
    path("api/players/<int:player_id>/say", phone_page.say, name="say"),
    path("api/players/<int:player_id>/tap", phone_page.tap, name="tap"),
    path("api/players/<int:player_id>/files", phone_page.send_file, name="send-file"),
    path("api/players/<int:player_id>/samples", phone_page.send_sample, name="send-sample"),
    path("api/players/<int:player_id>/reactions", phone_page.react, name="react"),
    path("api/players/<int:player_id>/look", phone_page.look, name="look"),
    path("api/players/<int:player_id>/change", phone_page.change, name="change"),
    path("api/players/<int:player_id>/receipt", phone_page.receipt, name="receipt"),
    path("api/players/<int:player_id>/edit", faults_page.edit, name="edit"),
    path("api/players/<int:player_id>/revoke", faults_page.revoke, name="revoke"),
    path("api/players/<int:player_id>/stranger", faults_page.stranger, name="stranger"),
    path("api/players/<int:player_id>/system", faults_page.system_message, name="system-message"),
    path("api/faults", faults_page.plan, name="faults"),
    path("api/faults/once", faults_page.next_time, name="fault-once"),
    path("api/faults/clear", faults_page.clear, name="faults-clear"),
    path("api/account", faults_page.account, name="account"),
    path("api/templates/<int:template_id>", faults_page.template, name="template"),
    path("api/files/<str:media_id>", phone_page.file, name="file"),
    path("graph/<str:version>/debug_token", graph.debug_token),
    path("graph/<str:version>/<str:object_id>/messages", graph.messages, name="messages"),
    path("graph/<str:version>/<str:object_id>/media", graph.uploads, name="uploads"),
    path("graph/<str:version>/<str:object_id>/subscribed_apps", graph.subscribed_apps),
    path("graph/<str:version>/<str:object_id>/message_templates", graph.message_templates),
    path("graph/<str:version>/<str:object_id>", graph.node, name="node"),
    path("graph/<str:version>/<path:rest>", graph.anything_else),
    path("graph/<str:rest>", graph.without_version),
    path("lookaside/<str:token>", graph.lookaside, name="lookaside"),
]
