import { describe, expect, it } from 'vitest'
import { joinTokens, openDataset } from '#atlas/src/ingest/index.js'
import { readVocabulary } from '#atlas/src/ingest/vocabulary/read.js'
import { readAll, temporaryFolder } from './support.ts'

const folder = temporaryFolder()
const read = (name: string, content: string) => readVocabulary(folder.write(name, content))

describe('a vocabulary file', () => {
  it.each([
    ['vocab.json', '{"b": 1, "a": 0, "cc": 7}', { 0: 'a', 1: 'b', 7: 'cc' }],
    ['list.json', '["a", "b", "cc"]', { 0: 'a', 1: 'b', 2: 'cc' }],
    ['vocab.txt', '[PAD]\nthe\n##s\n', { 0: '[PAD]', 1: 'the', 2: '##s' }],
    ['windows.txt', 'one\r\ntwo\r\n', { 0: 'one', 1: 'two' }],
    ['brace.txt', '{\n[\n', { 0: '{', 1: '[' }],
    [
      'tokenizer.json',
      '{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}, "added_tokens": [{"id": 1, "content": "<s>", "special": true}]}',
      { 0: 'a', 1: '<s>' },
    ],
    [
      'unigram.json',
      '{"model": {"type": "Unigram", "vocab": [["<unk>", 0], ["▁a", -1.5]]}}',
      { 0: '<unk>', 1: '▁a' },
    ],
  ])('%s gives the strings of ids', async (name, content, tokens) => {
    const found = await read(name, content)
    expect(Object.fromEntries(found.tokens)).toEqual(tokens)
  })

  it.each([
    ['empty.txt', '', /holds no token/],
    ['number.json', '{"a": "0"}', /neither an object from token to id/],
    ['negative.json', '{"a": -1}', /neither/],
    ['twice.json', '{"a": 3, "b": 3}', /id 3 has two tokens, "a" and "b"/],
  ])('%s is refused', async (name, content, message) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: 'MALFORMED_VOCABULARY',
      message: expect.stringMatching(message),
    })
    await expect(readVocabulary(`${folder.path}/none`)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})

describe('text', () => {
  // As the tokenizers of GPT-2, Llama and BERT write them.
  it.each([
    ['BYTE_LEVEL', ['<|endoftext|>', 'Hello', 'Ġworld', 'Ċ', 'cafÃ©'], '<|endoftext|>Hello world\ncafé'],
    ['SENTENCE_PIECE', ['<s>', '▁Once', '▁up', 'on', '<0x0A>', '<0xC3>', '<0xA9>'], '<s> Once upon\né'],
    ['WORD_PIECE', ['[CLS]', 'un', '##aff', '##able', '!'], '[CLS] unaffable !'],
    ['CHARACTERS', ['h', 'i', '?'], 'hi?'],
    ['WORDS', ['the', 'cat'], 'the cat'],
  ] as const)('of the style %s', async (style, tokens, text) => {
    expect(joinTokens(tokens, style)).toBe(text)
    expect((await read('style.json', JSON.stringify(tokens))).style).toBe(style)
  })

  it('shows what is no whole character', () => {
    expect(joinTokens(['Ã'], 'BYTE_LEVEL')).toBe('\uFFFD')
    expect(joinTokens(['##s'], 'WORD_PIECE')).toBe('s')
  })
})

describe('a dataset of token ids', () => {
  const vocabularyPath = folder.write('abc.json', '["a", "b", "c"]')
  const csv = folder.write('ids.csv', '0,1,2\n2,2,1\n')

  it('has the ids as its values, and the vocabulary', async () => {
    const { values, dataset } = await readAll(csv, { vocabularyPath })
    expect([...values]).toEqual([0, 1, 2, 2, 2, 1])
    expect(dataset.scale).toBe(1)
    expect([...(dataset.vocabulary?.tokens.values() ?? [])]).toEqual(['a', 'b', 'c'])
  })

  it.each(['0,1\n1,3\n', '0,1\n1,-1\n', '0,1\n0.5,1\n'])(
    'refuses ids that the vocabulary lacks: %j',
    async (content) => {
      const path = folder.write('wrong.csv', content)
      await expect(readAll(path, { vocabularyPath })).rejects.toMatchObject({
        code: 'UNKNOWN_TOKEN',
        message: expect.stringMatching(/row 2/),
      })
    },
  )

  it('refuses a scale', async () => {
    await expect(openDataset(csv, { vocabularyPath, scale: 0.5 })).rejects.toMatchObject({
      code: 'BAD_SCALE',
    })
  })
})
