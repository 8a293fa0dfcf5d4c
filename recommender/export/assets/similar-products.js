/* Similar products, without a server: shows what `python -m recommender export` computed.

   <link rel="stylesheet" href="PATH/similar-products.css">
   <div data-similar-to="PRODUCT ID" data-similar-link="/products/{id}"></div>
   <script src="PATH/similar-products.js" defer></script>

   Optional: data-similar-count="6", data-similar-title="You may also like". For elements that are
   added later: similarProducts.show(element). An element whose product is unknown stays empty. */

(() => {
  "use strict"
  if (window.similarProducts) return

  const SCHEMA = 1
  const base = new URL(".", document.currentScript.src)
  const waiting = new Map() // File name → what awaits it.
  let version = ""

  // Scripts, not fetch(): a page that was opened as a file may load only these.
  function load(name) {
    if (!waiting.has(name)) {
      const entry = {}
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }))
      waiting.set(name, entry)
      const script = document.createElement("script")
      script.src = new URL(`data/${name}.js${version}`, base)
      script.onerror = () => {
        waiting.delete(name) // Another try may succeed.
        entry.reject(new Error(`${script.src} cannot be loaded`))
      }
      script.onload = () => script.remove()
      document.head.append(script)
    }
    return waiting.get(name).promise
  }

  // Each data file calls this.
  function receive(name, content) {
    const entry = waiting.get(name)
    if (!entry) return
    if (content.schema > SCHEMA) {
      return entry.reject(new Error("the data is newer than similar-products.js: update it"))
    }
    entry.resolve(content)
  }

  async function about() {
    const content = await load("about")
    version = `?v=${encodeURIComponent(content.version)}` // Browsers may keep a file for good.
    return content
  }

  // FNV-1a, 32 bits, of UTF-8: the number of a product's file, as in Python.
  function hash(text) {
    let value = 0x811c9dc5
    for (const byte of new TextEncoder().encode(text)) {
      value = Math.imul(value ^ byte, 0x01000193) >>> 0
    }
    return value
  }

  async function product(id) {
    const { files } = await about()
    const { products } = await load(String(hash(id) % files))
    return products.find(one => one.id === id) ?? null
  }

  function make(tag, name, ...children) {
    const element = document.createElement(tag)
    element.className = `similar-products-${name}`
    element.append(...children) // Strings become text, never markup.
    return element
  }

  function picture(one) {
    if (one.picture === null) return make("span", "missing")
    const image = make("img", "picture")
    image.alt = "" // The name stands beside it.
    image.loading = "lazy"
    image.decoding = "async"
    image.src = new URL(one.picture, base)
    image.onerror = () => image.replaceWith(make("span", "missing"))
    return image
  }

  function card(one, link) {
    const content = [picture(one), make("span", "name", one.title)]
    if (!link) return make("div", "card", ...content)
    const anchor = make("a", "card", ...content)
    const target = new URL(link.replaceAll("{id}", encodeURIComponent(one.id)), document.baseURI)
    if (["http:", "https:", "file:"].includes(target.protocol)) anchor.href = target
    return anchor
  }

  /** Fill an element with the products like the one that it names; resolves to how many. */
  async function show(element) {
    const { similarTo, similarLink, similarCount, similarTitle } = element.dataset
    const asked = (element.similarAsked = {}) // A later call overtakes an earlier one.
    let found = null
    try {
      found = await product(similarTo)
    } catch (error) {
      console.warn(`similar-products: ${error.message}`)
    }
    if (element.similarAsked !== asked) return 0
    const count = similarCount === undefined ? Infinity : Number(similarCount) || 0
    const similar = found?.similar.slice(0, count) ?? []
    element.replaceChildren()
    element.hidden = similar.length === 0
    if (similar.length) {
      const title = make("h2", "title", similarTitle ?? "Similar products")
      title.id = `similar-products-${hash(similarTo)}`
      const list = make("ul", "list", ...similar.map(one => {
        const item = make("li", "item", card(one, similarLink))
        return item
      }))
      list.setAttribute("role", "list") // Safari forgets it where the bullets are taken away.
      const section = make("section", "section", title, list)
      section.setAttribute("aria-labelledby", title.id)
      element.append(section)
    }
    element.dispatchEvent(new CustomEvent("similar-products", {
      bubbles: true, detail: { id: similarTo, count: similar.length },
    }))
    return similar.length
  }

  window.similarProducts = { about, product, receive, show }
  const start = () => document.querySelectorAll("[data-similar-to]").forEach(show)
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start)
  else start()
})()
