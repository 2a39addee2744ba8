/** A word of code inside text. */
export function Code({ children }: { children: string }) {
  return (
    <code className="rounded-md bg-sunken box-decoration-clone px-1 py-0.5 font-mono text-[0.9em] leading-none font-normal wrap-break-word">
      {children}
    </code>
  )
}
