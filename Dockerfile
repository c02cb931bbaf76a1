# The gateway as a container: one native file with SQLite in it, on an image without a shell or a package manager.
#   docker build -t llm-gateway .
#   docker run -p 4000:4000 -v llm-gateway:/data -e OPENAI_API_KEY llm-gateway
# Beyond its own loopback the server wants a key to be defined first:
#   docker run --rm -v llm-gateway:/data llm-gateway keys create --name alice
# Its version is that of the git tag, so .git is part of what is sent to the builder.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends clang zlib1g-dev libsqlite3-dev \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN eng/publish-aot /publish
# The folder is made here, with its owner, since the last image has nothing to make it with.
RUN mkdir /data

FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
COPY --from=build /publish/llm-gateway /usr/local/bin/llm-gateway
# 1654 is the image's own user "app", who has no rights beside the data.
COPY --from=build --chown=1654:1654 /data /data
USER 1654:1654
ENV LLM_DATA_DIR=/data
VOLUME /data
EXPOSE 4000
# No HEALTHCHECK: it would need a program in the image to ask with. Whoever runs the container asks GET /health/live and
# GET /health/ready on its port, as Kubernetes and load balancers do.
# Exec form: the process is number 1 and gets SIGTERM itself, upon which it lets calls under way end (25 seconds at most).
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/llm-gateway"]
CMD ["serve", "--host", "0.0.0.0", "--port", "4000"]
