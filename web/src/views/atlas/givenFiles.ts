/** What a file that a person gave is taken for; the form lets them say otherwise. */
export type FileRole = 'network' | 'data' | 'labels'

export interface GivenFile {
  file: File
  role: FileRole
  /** The name to give what is made of it. */
  name: string
}

/** Takes `.onnx` for networks, a file with `label` in its name for the labels of the data beside it, others for data. */
export function describeFiles(files: readonly File[]): GivenFile[] {
  const roles = files.map(({ name }) => roleOf(name))
  // Labels alone label nothing: then it is data after all.
  const hasData = roles.includes('data')
  return files.map((file, i) => {
    const role = roles[i] === 'labels' && !hasData ? 'data' : roles[i]
    return { file, role, name: slug(file.name) }
  })
}

function roleOf(fileName: string): FileRole {
  if (/\.onnx$/i.test(fileName)) return 'network'
  return /label/i.test(fileName) ? 'labels' : 'data'
}

/** A file's name as the atlas takes names: 1 to 63 of `a-z 0-9 . _ -`, beginning with a letter or digit. */
export function slug(fileName: string): string {
  const stem = fileName.replace(/(\.(onnx|npz|npy|csv|idx|gz|ubyte))+$/i, '')
  const plain = stem.toLowerCase().replace(/[^a-z0-9._-]+/g, '-')
  return plain.replace(/^[^a-z0-9]+/, '').slice(0, 63) || 'unnamed'
}
