import AdapterKit
import Ledger
import StrictJSON
import XMLTree

/// Fills every template with samples before anything is sent, so that a wrong name or a missing comma
/// shows when the folder is checked.
struct Rehearsal {
  let definition: DeclarativeDefinition
  let samples: [Submission]

  private var connection: ConnectionFields {
    ConnectionFields(
      company: "C-1", parameters: definition.parameters.mapValues { $0 ?? "P-1" },
      keyField: definition.traits.keyField)
  }

  /// The first fault of each template.
  var problems: [Problem] {
    // What the descriptor refuses never reaches a template.
    let sent = samples.filter { definition.traits.refusal(of: $0.entry) == nil }
    var problems: [Problem] = []
    func fill(_ request: RequestTemplate?, _ subjects: [RootFields.Subject]) {
      guard let request else { return }
      for subject in subjects {
        if let problem = fault(of: request, subject) {
          problems.append(problem)
          return
        }
      }
    }
    let keys = sent.prefix(1).map { RootFields.Subject.key($0.key) }
    let period = sent.prefix(1).map { RootFields.Subject.period($0.entry.head.period) }
    fill(definition.check?.request, [.nothing])
    fill(definition.submit.request, sent.map { .submission($0) })
    fill(definition.batch?.request, [.batch(Array(sent.prefix(3))), .batch(Array(sent.prefix(1)))])
    fill(definition.find?.request, keys)
    fill(definition.periods?.request, period)
    fill(definition.books?.request, period)
    return problems
  }

  private func fault(of request: RequestTemplate, _ subject: RootFields.Subject) -> Problem? {
    do throws(Problem) {
      _ = try request.path.render(subject, connection)
      for header in request.headers { _ = try header.value.render(subject, connection) }
      guard let body = request.body else { return nil }
      let text = try body.render(subject, connection)
      return malformed(Array(text.utf8), request.contentType).map {
        Problem(
          code: "invalid_template", pointer: body.place,
          detail: "What the template gives for a sample is not well formed: \($0)",
          fix: request.contentType.contains("xml")
            ? "End every element that begins, and have one around all others"
            : "Put texts between quotes, and write a comma only where {{^last()}} is")
      }
    } catch {
      return error
    }
  }

  private func malformed(_ bytes: [UInt8], _ contentType: String) -> String? {
    if contentType.contains("json") {
      do throws(JSONFault) { _ = try JSONText(bytes) } catch { return error.detail }
    }
    if contentType.contains("xml") {
      do throws(XMLFault) { _ = try XMLReader().read(bytes) } catch { return "\(error)" }
    }
    return nil
  }
}
