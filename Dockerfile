# Kliping without its embedded servers: docker-compose.yml brings them as containers of their own.
FROM python:3.11-slim AS build

WORKDIR /src
COPY requirements.lock .
# uv itself comes with the hashes of the lock. Every wheel that it then takes is held to the lock's version and hash,
# and of the lock only what a server needs is installed: no test tools, no embedded servers.
RUN sed -n '/^uv==/,/# via/p' requirements.lock > uv.lock \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes -r uv.lock \
    && uv venv --no-cache /opt/kliping
COPY pyproject.toml README.md ./
COPY stories stories
COPY crawler crawler
COPY workers workers
COPY console console
COPY replica replica
# Compiled here: the file system is read-only where it runs.
RUN uv pip install --no-cache --python /opt/kliping/bin/python --compile-bytecode --constraint requirements.lock '.[browser]'

FROM python:3.11-slim

# For listings that are empty without their script (docs/operations.md says what its sandbox needs).
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends chromium-headless-shell \
    && rm -rf /var/lib/apt/lists/*

# A number of its own, without a shell, a password or a home that it could write.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin kliping \
    && install --directory --owner kliping --mode 700 /var/lib/kliping
COPY --from=build /opt/kliping /opt/kliping
ENV PATH=/opt/kliping/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KLIPING_HOME=/var/lib/kliping
USER 10001
WORKDIR /var/lib/kliping
VOLUME /var/lib/kliping
HEALTHCHECK --interval=60s --timeout=20s --start-period=20s CMD ["kliping", "doctor", "--json"]
ENTRYPOINT ["kliping"]
CMD ["--help"]
