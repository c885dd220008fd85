import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf'

/**
 * A copy of a message with some fields replaced; the other fields are shared with the original, so that a
 * variant of a model costs no copy of its weights. A spread would lose the message's prototype, which holds
 * the defaults of its unset fields.
 */
export function shallowCopy<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  changes: Partial<MessageShape<Desc>>,
): MessageShape<Desc> {
  return Object.assign(create(schema), message, changes)
}
