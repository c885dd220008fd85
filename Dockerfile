# One image for server and worker. Postgres runs beside it (docker-compose.yml), not in it.
FROM node:22-bookworm-slim AS build
WORKDIR /atlas
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

# The CUDA kernels: built only for the target `gpu`.
FROM nvidia/cuda:13.0.1-devel-ubuntu24.04 AS cuda
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /atlas /atlas
WORKDIR /atlas
RUN node scripts/build-cuda.mjs

FROM node:22-bookworm-slim AS run
WORKDIR /atlas
ENV NODE_ENV=production ATLAS_HOME=/var/lib/atlas HOST=0.0.0.0 PORT=4000
RUN mkdir -p /var/lib/atlas && chown node:node /var/lib/atlas
COPY --from=build /atlas ./
USER node
VOLUME /var/lib/atlas
EXPOSE 4000
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["serve", "--no-worker"]

# The kernels hold CUDA's runtime; of the GPU's driver the container runtime brings libcuda. ONNX Runtime runs on the CPU.
FROM run AS gpu
ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
COPY --from=cuda /atlas/dist/compute/kernels/cuda/libatlas-cuda.so dist/compute/kernels/cuda/

# What `docker build .` makes.
FROM run
