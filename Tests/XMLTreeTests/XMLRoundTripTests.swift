import TestSupport
import Testing
import XMLTree

@Suite struct XMLRoundTripTests {
  @Test(arguments: Seed.forThisRun)
  func `reads every tree back that it can write`(seed: Seed) throws {
    var random = SeededGenerator(seed)
    for _ in 0..<20 {
      let root = element(depth: 0, using: &random)
      let prefixes: [String: String] =
        [[:], ["urn:a": "a", "urn:b": "b"], ["urn:a": ""]].randomElement(using: &random) ?? [:]
      // The default namespace does not hold for attributes, so there is no way to write some trees.
      guard prefixes["urn:a"] != "" || !root.hasAttribute(in: "urn:a") else { continue }
      let bytes = try XMLWriter.write(root, prefixes: prefixes)
      #expect(try XMLReader().read(bytes) == root)
      #expect(try XMLWriter.write(root, prefixes: prefixes) == bytes)
    }
  }

  /// Text is never blank: between elements it would not be kept.
  private func element(depth: Int, using random: inout SeededGenerator) -> XMLElement {
    var result = XMLElement(name(using: &random))
    for local in ["p", "q", "r"] where Bool.random(using: &random) {
      let namespace = ["", "urn:a", "urn:b"].randomElement(using: &random) ?? ""
      result.attributes.append(
        XMLAttribute(XMLName(local, in: namespace), text(using: &random)))
    }
    guard depth < 5 else { return result }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      if Bool.random(using: &random), result.children.last?.isText != true {
        result.children.append(.text("x" + text(using: &random)))
      } else {
        result.children.append(.element(element(depth: depth + 1, using: &random)))
      }
    }
    return result
  }

  private func name(using random: inout SeededGenerator) -> XMLName {
    XMLName(
      ["invoice", "Zeile", "élan", "_x-1.2", "行"].randomElement(using: &random) ?? "a",
      in: ["", "urn:a", "urn:b", "urn:c"].randomElement(using: &random) ?? "")
  }

  private func text(using random: inout SeededGenerator) -> String {
    let parts = [
      "<", ">", "&", "\"", "'", "\n", "\r", "\t", " ", "]]>", "€", "💶", "a", "&amp;", "\u{85}",
    ]
    return (0..<Int.random(in: 0...8, using: &random))
      .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
  }
}

extension XMLNode {
  fileprivate var isText: Bool { if case .text = self { true } else { false } }
}

extension XMLElement {
  fileprivate func hasAttribute(in namespace: String) -> Bool {
    attributes.contains { $0.name.namespace == namespace }
      || elements.contains { $0.hasAttribute(in: namespace) }
  }
}
