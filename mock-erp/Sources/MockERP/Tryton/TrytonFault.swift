/// Why a call was not done.
enum TrytonFault: Error, Hashable, Sendable {
  /// Inside HTTP 200: the kind and what belongs to it.
  case inside([TrytonValue])
  /// An HTML page with this status.
  case page(Int)

  /// A rule of the business; also what the server says of values and of rights.
  static func user(_ message: String, _ description: String = "") -> TrytonFault {
    .inside([.text("UserError"), .list([.text(message), .text(description), .null])])
  }

  /// A value that the field does not allow. The real server adds the whole definition of the field.
  static func domain(_ field: String, of model: String) -> TrytonFault {
    .inside([
      .text("UserError"),
      .list([
        .text(
          "The value for field \"\(field)\" in \"\(model)\" is not valid according to its domain."),
        .text(""),
        .list([.object(["states": .text(String(repeating: "definition ", count: 400))])]),
      ]),
    ])
  }

  static func required(_ field: String, of model: String) -> TrytonFault {
    .user("A value is required for field \"\(field)\" in \"\(model)\".")
  }

  /// Needs to be confirmed under this name.
  static func warning(_ name: String, _ message: String) -> TrytonFault {
    .inside([.text("UserWarning"), .list([.text(name), .text(message), .text("")])])
  }

  static func concurrency(_ model: String, _ id: Int) -> TrytonFault {
    .inside([.text("ConcurrencyException"), .text("Record \(id) of \(model) was modified")])
  }

  /// What Python says of a mistake in the call.
  static func programming(_ text: String) -> TrytonFault { .inside([.text(text), .text("")]) }
}
