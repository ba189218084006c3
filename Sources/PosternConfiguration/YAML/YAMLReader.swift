import Foundation
import Ledger
import Yams

/// Reads one YAML file into values that know their lines.
///
/// Anchors, aliases and tags are refused: nothing in the configuration needs them, and a value
/// stands where it is read.
package struct YAMLReader {
  private let limits: YAMLLimits

  package init(limits: YAMLLimits = YAMLLimits()) { self.limits = limits }

  /// The document; nil, with the faults in `findings`, when the file is no YAML.
  package func read(_ bytes: [UInt8], file: String, into findings: FindingList) -> YAMLValue? {
    guard bytes.count <= limits.bytes else {
      findings.error(
        "too_large", FilePlace(file: file),
        "The file has \(bytes.count) bytes; \(limits.bytes) are allowed",
        fix: "Split the file, or move data into a CSV file")
      return nil
    }
    guard var text = String(bytes: bytes, encoding: .utf8) else {
      findings.error(
        "invalid_utf8", FilePlace(file: file), "The file is not UTF-8",
        fix: "Save the file as UTF-8")
      return nil
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    let scan = YAMLScan(text, limits: limits)
    if let fault = scan.fault {
      findings.error(
        fault.code, FilePlace(file: file, line: fault.line), fault.detail, fix: fault.fix)
      return nil
    }
    return compose(text, file: file, into: findings)
  }

  /// Yams stops at the first key that stands twice. Marking its first occurrence and reading again
  /// brings the rest of the file, and the marks say afterwards what was double.
  private func compose(_ text: String, file: String, into findings: FindingList) -> YAMLValue? {
    var text = text
    var line: Int?
    for _ in 0...limits.duplicateKeys {
      do {
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        guard let root = try parser.singleRoot() else {
          return YAMLValue(.empty, at: FilePlace(file: file, line: 1))
        }
        var converter = YAMLConverter(file: file, findings: findings)
        // The anchors of the nodes live as long as the parser.
        return withExtendedLifetime(parser) { converter.value(root) }
      } catch YamlError.duplicatedKeysInMapping(_, let context) {
        guard
          let marked = DuplicateMark.mark(
            text, line: context.mark.line, column: context.mark.column)
        else { return giveUp(file, line: context.mark.line, findings) }
        text = marked
        line = context.mark.line
      } catch let error as YamlError {
        report(error, in: text, file: file, findings)
        return nil
      } catch {
        return giveUp(file, line: nil, findings)
      }
    }
    return giveUp(file, line: line, findings)
  }

  private func giveUp(_ file: String, line: Int?, _ findings: FindingList) -> YAMLValue? {
    findings.error(
      "duplicate_key", FilePlace(file: file, line: line), "Keys stand twice in one table",
      fix: "Keep one of each")
    return nil
  }

  /// What the parser says, without the text of the file: it may hold a secret.
  private func report(
    _ error: YamlError, in text: String, file: String, _ findings: FindingList
  ) {
    let (detail, line): (String, Int?) =
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (problem, mark.line)
      case .reader(let problem, let offset, _, _):
        (problem, offset.map { text.prefix($0).count { $0.isNewline } + 1 })
      default: ("it cannot be read", nil)
      }
    findings.error(
      "invalid_yaml", FilePlace(file: file, line: line), "The file is not YAML: \(detail)",
      fix: "Check indentation, colons and quotes in this line and the one before")
  }
}
