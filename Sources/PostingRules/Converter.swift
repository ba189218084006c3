package import Ledger

/// Turns approved documents into balanced journal entries under one version of the rules.
///
/// A value without clock, files or network: what is converted depends on the rules, the document and
/// what it refers to alone. It is `mutating` because tables are compiled when first needed; one
/// converter serves any number of documents, one at a time.
package struct Converter: Sendable {
  package let ruleBook: RuleBook
  private let entities: [LegalEntityID: EntityContext]
  private var finder: AccountFinder

  package init(_ ruleBook: RuleBook) {
    self.ruleBook = ruleBook
    var entities: [LegalEntityID: EntityContext] = [:]
    for (position, id) in ruleBook.entities.keys.sorted().enumerated() {
      entities[id] = ruleBook.entities[id].map {
        EntityContext($0, of: ruleBook, position: position)
      }
    }
    self.entities = entities
    finder = AccountFinder(ruleBook.accounts, entityCount: entities.count)
  }

  /// Converts one document.
  ///
  /// - Parameter references: holds a value for each of the document's `references` that is here.
  package mutating func convert(
    _ document: Document, references: References = .none
  ) -> Conversion {
    convert(document, references: references, isTraced: false).conversion
  }

  /// Converts one document and tells, for every line, which rows of the account tables were
  /// considered.
  package mutating func explain(
    _ document: Document, references: References = .assumed(among: [:])
  ) -> Explanation {
    convert(document, references: references, isTraced: true)
  }

  private mutating func convert(
    _ document: Document, references: References, isTraced: Bool
  ) -> Explanation {
    guard let entity = entities[document.entity] else {
      return Explanation(conversion: .stopped([.unknownEntity(of: document)]))
    }
    let absent = references.missing(for: document)
    guard absent.isEmpty else { return Explanation(conversion: .waiting(.reference(absent))) }
    var work = DocumentConversion(
      document, entity: entity, references: references, finder: finder, isTraced: isTraced)
    let explanation = work.convert()
    if work.finder.compiledCount > finder.compiledCount { finder = work.finder }
    return explanation
  }
}

extension Stop {
  fileprivate static func unknownEntity(of document: Document) -> Stop {
    Stop(
      .unknownEntity, pointer: "/entity",
      detail: "\(document.title) is for the legal entity \(document.entity), "
        + "which the configuration does not have",
      fix: "Add entities/\(document.entity).yaml, or correct the document",
      cause: document.entity.code, amount: document.amountAtStake)
  }
}
