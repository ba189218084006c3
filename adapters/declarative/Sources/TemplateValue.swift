import Ledger
import Mustache

/// What a rendering met that must not go out.
final class RenderFaults {
  struct Fault: Hashable {
    let text: String
    /// What stands in the tag; nil where the fault is the value's.
    let word: String?
  }

  private(set) var all: [Fault] = []

  func add(_ text: String, in word: String? = nil) {
    let fault = Fault(text: text, word: word)
    if !all.contains(fault) { all.append(fault) }
  }
}

/// A value that is not there: renders as nothing, and its section is left out.
struct AbsentValue: MustacheCustomRenderable, MustacheTransformable, MustacheParent {
  var renderText: String { "" }
  var isNull: Bool { true }
  func transform(_ name: String) -> Any? { self }
  func child(named: String) -> Any? { nil }
}

/// A value in a template, with the filters that may stand around it.
struct TemplateValue: MustacheCustomRenderable, MustacheTransformable, MustacheParent {
  enum Content {
    case text(String)
    case money(Money)
    case date(CalendarDate)
  }

  let content: Content
  let faults: RenderFaults

  init(_ content: Content, _ faults: RenderFaults) {
    self.content = content
    self.faults = faults
  }

  var isNull: Bool { renderText.isEmpty }

  var renderText: String {
    switch content {
    case .text(let text): text
    case .money(let money): money.text
    case .date(let date): date.text
    }
  }

  /// Keeps the library from looking for names inside this type.
  func child(named: String) -> Any? { nil }

  func transform(_ name: String) -> Any? {
    switch content {
    case .money(let money): if let value = self.money(money, name) { return value }
    case .date(let date): if let text = TemplateValue.date(date, name) { return words(text) }
    case .text: break
    }
    switch name {
    case "lowercased": return words(renderText.lowercased())
    case "uppercased": return words(renderText.uppercased())
    default: return sized(name) ?? unknown(name)
    }
  }

  private func words(_ text: String) -> TemplateValue { TemplateValue(.text(text), faults) }

  private func unknown(_ name: String) -> Any {
    faults.add("there is no filter '\(name)' for such a value", in: name)
    return AbsentValue()
  }

  private func money(_ money: Money, _ name: String) -> TemplateValue? {
    switch name {
    case "minorUnits": words(String(money.minorUnits))
    case "comma": words(money.text.replacing(".", with: ","))
    case "negated": TemplateValue(.money(-money), faults)
    default: nil
    }
  }

  private static func date(_ date: CalendarDate, _ name: String) -> String? {
    let parts = date.text.split(separator: "-")
    guard parts.count == 3 else { return nil }
    return switch name {
    case "compact": parts.joined()
    case "dotted": "\(parts[2]).\(parts[1]).\(parts[0])"
    case "dayFirst": "\(parts[2])/\(parts[1])/\(parts[0])"
    case "monthFirst": "\(parts[1])/\(parts[2])/\(parts[0])"
    case "year": String(parts[0])
    case "month": String(parts[1])
    case "day": String(parts[2])
    default: nil
    }
  }

  /// `left20` and `right20` fill with blanks, `zeros12` with zeros, and refuse what is longer;
  /// `cut20` shortens.
  private func sized(_ name: String) -> TemplateValue? {
    let word = name.prefix { $0.isLetter }
    guard let width = Int(name.dropFirst(word.count)), (1...TemplateValue.widest).contains(width)
    else { return nil }
    let text = renderText
    let missing = width - text.count
    guard word == "cut" || missing >= 0 else {
      faults.add("'\(text)' is longer than the \(width) characters of its field")
      return words("")
    }
    switch word {
    case "cut": return words(String(text.prefix(width)))
    case "left": return words(text + String(repeating: " ", count: missing))
    case "right": return words(String(repeating: " ", count: missing) + text)
    case "zeros":
      let sign = text.hasPrefix("-") ? "-" : ""
      return words(
        sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count))
    default: return nil
    }
  }

  static let widest = 4_000
}
