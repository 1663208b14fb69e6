from django.urls import path, register_converter

from raffles.pages.views import draws, files, raffles, results, tickets


class Code:
    """Of a raffle, a draw or an order; whatever else stands there never reaches the database."""

    regex = "[A-Za-z0-9]{1,12}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "code")

app_name = "pages"
urlpatterns = [
    path("", raffles.home, name="home"),
    path("r/<code:code>/", raffles.raffle, name="raffle"),
    path("r/<code:code>/board.json", raffles.board, name="board"),
    path("r/<code:code>/picture.jpg", files.picture, name="picture"),
    path("r/<code:code>/preview.png", files.raffle_preview, name="raffle_preview"),
    path("results/", results.results, name="results"),
    path("draws/", draws.coming, name="draws"),
    path("draws/verify_draw.py", files.program, name="program"),
    path("draws/<code:code>/", draws.draw, name="draw"),
    path("draws/<code:code>/ceremony/", draws.ceremony, name="ceremony"),
    path("draws/<code:code>/steps.json", draws.steps, name="steps"),
    path("draws/<code:code>/proof.json", files.proof, name="proof"),
    path("draws/<code:code>/preview.png", files.draw_preview, name="draw_preview"),
    path("draws/<code:code>/prizes/<int:rank>.jpg", files.prize_picture, name="prize_picture"),
    path("t/", tickets.ask, name="ask"),
    path("t/<code:code>/", tickets.ticket, name="ticket"),
    path("t/<code:code>/<int:number>.json", tickets.receipt, name="receipt"),
    path("robots.txt", files.robots, name="robots"),
    path("favicon.ico", files.favicon, name="favicon"),
]
