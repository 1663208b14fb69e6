FROM python:3.12.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv --without-pip /opt/venv
COPY requirements/production.txt /tmp/production.txt
RUN pip --python /opt/venv/bin/python install --require-hashes -r /tmp/production.txt
WORKDIR /app
COPY manage.py ./
COPY config config
COPY raffles raffles
COPY whatsapp whatsapp
# Static files get their final names only with DEBUG off; the values below end with this layer and open nothing.
RUN DEBUG=1 /opt/venv/bin/python manage.py compile_texts \
    && SITE_URL=https://build.invalid SECRET_KEY=build-build-build-build-build-build-build-build-build \
       WHATSAPP_APP_SECRET=build WHATSAPP_VERIFY_TOKEN=build WHATSAPP_ACCESS_TOKEN=build \
       WHATSAPP_PHONE_NUMBER_ID=1 WHATSAPP_BUSINESS_ACCOUNT_ID=2 \
       /opt/venv/bin/python manage.py collectstatic --noinput \
    && /opt/venv/bin/python -m compileall -q config raffles whatsapp \
    && rm -rf /app/var

FROM python:3.12.11-slim-bookworm
# The engine that reads the words of receipts takes tens of megabytes; without it they are compared by their pictures alone.
ARG OCR=yes
RUN if [ "$OCR" = yes ]; then \
        apt-get update \
        && apt-get install --yes --no-install-recommends \
            tesseract-ocr tesseract-ocr-eng tesseract-ocr-spa tesseract-ocr-por \
        && rm -rf /var/lib/apt/lists/*; \
    fi
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/var/lib/raffles/media
RUN useradd --system --uid 10001 --no-create-home raffles \
    && mkdir -p /var/lib/raffles/media \
    && chown -R raffles /var/lib/raffles
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
RUN mkdir var && chown raffles var
USER raffles
EXPOSE 8000
STOPSIGNAL SIGTERM
# The web process; docs/decisions/0006-granian-serves-the-web.md has the measurements behind the numbers.
CMD ["python", "-m", "config.web", "--workers", "2", "--blocking-threads", "4", "--backpressure", "64", "--respawn-failed-workers", "--workers-kill-timeout", "20", "--host", "0.0.0.0", "--port", "8000"]
HEALTHCHECK --interval=15s --timeout=6s --start-period=30s --retries=4 CMD ["python", "-m", "config.knock"]
