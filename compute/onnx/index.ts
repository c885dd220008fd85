/**
 * Reads, checks and runs ONNX networks with the pre-activation of every gate exposed.
 */
export { inspectNetwork, openNetwork, type NetworkRun, type NetworkRunner } from './network.ts'
export { openActivations, type ActivationRunner } from './activations.ts'
export { elementCount } from '../shape.ts'
export type { LayerInfo, NetworkSummary } from './summary.ts'
export { inspectNetworkApart, type InspectionOptions } from './inspect/inspectApart.ts'
export type { NetworkFile } from './inspect/exchange.ts'
export { notPiecewiseAffine, openAffineParts } from './affineParts.ts'
export type { AffinePart, AffineParts } from './affineParts.ts'
export { inferenceDevice } from './providers.ts'
export { elementsByBit, placeOfElement, toCodeOrder, toTensorOrder } from '../gates/unitLayout.ts'
export type { UnitLayout, UnitPlace } from '../gates/unitLayout.ts'
