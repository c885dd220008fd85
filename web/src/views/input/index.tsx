export default function InputView({ path }: { path: string }) {
  return <h1>{path}</h1>
}
