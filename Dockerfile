# A node in a container; docs/installing.md has the commands that build and run it.

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY rpcnode rpcnode
COPY plugins plugins
COPY fixtures fixtures
RUN python -m venv /opt/rpcnode && /opt/rpcnode/bin/pip install --no-cache-dir .

FROM python:3.13-slim
RUN useradd --no-create-home --uid 10332 rpcnode && mkdir /data && chown rpcnode: /data
COPY --from=build /opt/rpcnode /opt/rpcnode
# Reached through the container's own address, so on all of them. Dev methods are off then, unless --dev turns them on.
ENV PATH=/opt/rpcnode/bin:$PATH RPCNODE_HOST=0.0.0.0
USER rpcnode
WORKDIR /data
VOLUME /data
EXPOSE 10332
# A HEAD request is answered whatever the settings, is no call, and so is in no journal and meets no fault.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 10332, timeout=4); c.request('HEAD', '/'); c.getresponse()"]
# No shell between: signals reach the node, which stops within a second.
ENTRYPOINT ["rpcnode"]
CMD ["serve", "--db", "/data/chain.db"]
