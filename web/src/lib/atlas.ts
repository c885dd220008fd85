/** The atlas that serves this page, through the client that is published for everyone. */
import { connect } from '../../../schema/client/index.ts'

export { AtlasRequestError, graphql, type ResultOf } from '../../../schema/client/index.ts'
export { firstError } from '../../../schema/client/requestError.ts'
export type { TadaDocumentNode } from '../../../schema/client/document.ts'

export const atlas = connect({ url: '/graphql' })
