/** The first stop of the Tab key. Leads to the element with the id `main`. */
export function SkipLink() {
  return (
    <a
      className="fixed top-2 left-2 z-50 -translate-y-20 rounded-control bg-accent px-4 py-2 font-medium text-on-accent focus:translate-y-0"
      href="#main"
    >
      Skip to content
    </a>
  )
}
