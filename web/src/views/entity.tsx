export default function EntityView({ path }: { path: string }) {
  return <h1>{path}</h1>
}
