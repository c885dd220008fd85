export default function SliceView() {
  return <h1>Slice</h1>
}
