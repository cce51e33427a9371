// What the bundler makes: build.mjs.
declare module 'venule:forms' {
  export interface FormField {
    name: string
    must: boolean
    says: string
    kind: 'quantity' | 'code' | 'yes' | 'whole' | 'number' | 'date' | 'time' | 'ref' | 'text' | 'long' | 'json'
    unit?: string
    words?: string[]
    of?: string
    max?: number
  }
  const forms: Record<string, { says: string; fields: FormField[] }>
  export default forms
}
declare module '*.css'
