# One image for server and worker. Postgres runs beside it (docker-compose.yml), not in it.
FROM node:22-bookworm-slim AS build
WORKDIR /atlas
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
WORKDIR /atlas
ENV NODE_ENV=production ATLAS_HOME=/var/lib/atlas HOST=0.0.0.0 PORT=4000
RUN mkdir -p /var/lib/atlas && chown node:node /var/lib/atlas
COPY --from=build /atlas ./
USER node
VOLUME /var/lib/atlas
EXPOSE 4000
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["serve", "--no-worker"]
