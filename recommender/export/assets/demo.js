// The demo page: a product that the address names, or some to choose from.

const LINK = "demo.html?id={id}"
const id = new URLSearchParams(location.search).get("id")
const at = name => document.getElementById(name)

function picture(one, parent) {
  if (one.picture === null) return
  const image = document.createElement("img")
  image.className = "similar-products-picture"
  image.alt = ""
  image.src = one.picture
  parent.append(image)
}

async function showProduct() {
  const product = await similarProducts.product(id)
  if (product === null) {
    at("name").textContent = "There is no such product"
    return
  }
  document.title = at("name").textContent = product.title
  picture(product, at("current"))
  at("similar").dataset.similarTo = id
  at("similar").dataset.similarLink = LINK
  await similarProducts.show(at("similar"))
}

async function showExamples() {
  const { examples } = await similarProducts.about()
  const list = document.createElement("ul")
  list.className = "similar-products-list"
  for (const one of examples) {
    const item = document.createElement("li")
    const link = document.createElement("a")
    link.className = "similar-products-card"
    link.href = LINK.replace("{id}", encodeURIComponent(one.id))
    picture(one, link)
    const name = document.createElement("span")
    name.className = "similar-products-name"
    name.textContent = one.title
    link.append(name)
    item.append(link)
    list.append(item)
  }
  at("similar").append(list)
}

(id === null ? showExamples() : showProduct()).catch(error => {
  at("name").textContent = `The data cannot be loaded: ${error.message}`
})
