export { nearer } from './hamming.as'
export { pack } from './pack.as'
