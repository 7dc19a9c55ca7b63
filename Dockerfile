# The image of the application for production: web, worker and beat start from it with different commands.

FROM node:24-bookworm-slim AS design
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS build
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements/base.txt requirements/
RUN python -m venv /opt/venv && pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY --from=design /app/node_modules node_modules
COPY . .
RUN python bin/fonts.py && python manage.py collectstatic --no-input --verbosity 0

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 KOK_MODE=production KOK_VAR=/var/lib/kok
# The file system is read-only where docker-compose.yml starts this; what libraries keep for themselves goes to memory.
ENV HOME=/tmp
# The versions come with the release of Debian and its security updates.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 kok \
    && install -d -o kok -g kok /var/lib/kok/beat /var/lib/kok/chain-ends /var/lib/kok/erasures
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app .
USER 10001
EXPOSE 8000
CMD ["gunicorn", "kok.wsgi:application", "--bind=0.0.0.0:8000", "--workers=3", "--worker-class=gthread", \
     "--threads=4", "--timeout=60", "--graceful-timeout=30", "--preload", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
