internal import PostingEngine
package import StrictJSON

extension JSONWriter {
  /// `{ "documents": [ … ] }`, one element for each document in the order given.
  package mutating func write(_ explanations: [DocumentExplanation]) {
    object { writer in
      writer.key("documents")
      writer.array { writer in
        for explanation in explanations { writer.write(explanation) }
      }
    }
  }

  private mutating func write(_ explanation: DocumentExplanation) {
    object { writer in
      writer.members(of: explanation.verdict)
      guard explanation.verdict.kind == .accepted, explanation.verdict.waiting == nil else {
        return
      }
      writer.key("entries")
      writer.array { writer in
        for record in explanation.entries { writer.write(record) }
      }
    }
  }
}
