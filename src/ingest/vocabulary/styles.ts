/**
 * How the tokens of a vocabulary make text:
 * - `BYTE_LEVEL`: each character stands for a byte of UTF-8 text, `Ġ` for a space (GPT-2, RoBERTa);
 * - `SENTENCE_PIECE`: `▁` stands for a space, `<0x0A>` for a byte (Llama, T5);
 * - `WORD_PIECE`: `##` continues a word, all others begin one (BERT);
 * - `CHARACTERS`: every token is a character;
 * - `WORDS`: every token is a word.
 */
export type TokenStyle = 'BYTE_LEVEL' | 'SENTENCE_PIECE' | 'WORD_PIECE' | 'CHARACTERS' | 'WORDS'

/** Tokens such as `[CLS]`, `<s>` or `<|endoftext|>`, which are no text. */
const SPECIAL = /^(\[\w+\]|<.+>)$/

/** The style that a vocabulary's tokens show. */
export function styleOf(tokens: Iterable<string>): TokenStyle {
  const ordinary = [...tokens].filter((token) => !SPECIAL.test(token))
  if (ordinary.some((token) => token.includes('Ġ'))) return 'BYTE_LEVEL'
  if (ordinary.some((token) => token.startsWith('▁'))) return 'SENTENCE_PIECE'
  if (ordinary.some((token) => token.startsWith('##'))) return 'WORD_PIECE'
  return ordinary.every((token) => [...token].length === 1) ? 'CHARACTERS' : 'WORDS'
}

/** The text of a run of tokens; bytes that are no UTF-8 show as U+FFFD. */
export function joinTokens(tokens: readonly string[], style: TokenStyle): string {
  switch (style) {
    case 'BYTE_LEVEL':
      return new TextDecoder().decode(Uint8Array.from(tokens.flatMap(bytesOfToken)))
    case 'SENTENCE_PIECE':
      return joinPieces(tokens)
    case 'WORD_PIECE':
      return tokens
        .map((token, i) => (token.startsWith('##') ? token.slice(2) : `${i === 0 ? '' : ' '}${token}`))
        .join('')
    case 'CHARACTERS':
      return tokens.join('')
    case 'WORDS':
      return tokens.join(' ')
  }
}

/** What a byte-level token's characters stand for; a character that stands for no byte is itself. */
function bytesOfToken(token: string): number[] {
  return [...token].flatMap((character) => {
    const byte = BYTE_OF_CHARACTER.get(character)
    return byte === undefined ? [...new TextEncoder().encode(character)] : [byte]
  })
}

const BYTE_OF_CHARACTER = byteLevelCharacters()

/**
 * GPT-2's table (`bytes_to_unicode` of its `encoder.py`): bytes that print as themselves in Latin-1 stand for themselves,
 * the others, in order, for U+0100 on.
 */
function byteLevelCharacters(): ReadonlyMap<string, number> {
  const table = new Map<string, number>()
  let spare = 256
  for (let byte = 0; byte < 256; byte++) {
    const prints = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    table.set(String.fromCodePoint(prints ? byte : spare++), byte)
  }
  return table
}

const BYTE_PIECE = /^<0x([0-9A-F]{2})>$/

function joinPieces(tokens: readonly string[]): string {
  const encoder = new TextEncoder()
  const bytes = tokens.flatMap((token) => {
    const byte = BYTE_PIECE.exec(token)
    return byte ? [Number.parseInt(byte[1], 16)] : [...encoder.encode(token.replaceAll('▁', ' '))]
  })
  return new TextDecoder().decode(Uint8Array.from(bytes))
}
