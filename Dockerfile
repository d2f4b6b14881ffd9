FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
# The manifests alone first: dependencies are installed again only when they change.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
COPY simulators simulators
RUN npm run build && npm prune --omit=dev

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY deploy/healthcheck.sh deploy/healthcheck.sh
# A new volume takes over this folder's owner.
RUN install --directory --owner=node --group=node /data
USER node
VOLUME /data
EXPOSE 1883
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["/bin/sh", "/app/deploy/healthcheck.sh", "1883"]
ENTRYPOINT ["node", "dist/src/main.js"]
CMD ["serve", "--config", "/etc/coldtrail/coldtrail.yaml"]
