from raffles.draws.minutes_pdf.sheet import pdf_of

__all__ = ["pdf_of"]
