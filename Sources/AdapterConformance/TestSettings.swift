public import AdapterKit
import Ledger

extension AdapterSettings {
  /// Settings as a test writes them; places are `connections/test.yaml:` and the key.
  ///
  /// - Parameter secrets: by reference, such as `env:TOKEN`.
  public static func test(
    _ values: [String: TestValue], secrets: [String: String] = [:]
  ) -> AdapterSettings {
    let place = "connections/test.yaml"
    return AdapterSettings(
      connection: ConnectionID("test"), place: place,
      values: TestValue.table(values).values(at: place), secrets: TestSecrets(secrets))
  }
}

/// A value of test settings.
public indirect enum TestValue: Sendable {
  case text(String)
  case integer(Int)
  case boolean(Bool)
  case list([TestValue])
  case table([String: TestValue])

  fileprivate func values(at place: String) -> [String: SettingValue] {
    guard case .table(let table) = self else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: table.map { ($0, $1.setting(at: "\(place):\($0)")) })
  }

  private func setting(at place: String) -> SettingValue {
    switch self {
    case .text(let text): SettingValue(.text(text), place: place)
    case .integer(let number): SettingValue(.integer(number), place: place)
    case .boolean(let flag): SettingValue(.boolean(flag), place: place)
    case .list(let list): SettingValue(.list(list.map { $0.setting(at: place) }), place: place)
    case .table: SettingValue(.table(values(at: place)), place: place)
    }
  }
}

extension TestValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral text: String) { self = .text(text) }
  public init(integerLiteral number: Int) { self = .integer(number) }
  public init(booleanLiteral flag: Bool) { self = .boolean(flag) }
  public init(arrayLiteral list: TestValue...) { self = .list(list) }
  public init(dictionaryLiteral table: (String, TestValue)...) {
    self = .table(Dictionary(table) { first, _ in first })
  }
}

private struct TestSecrets: SecretSource {
  let secrets: [String: String]

  init(_ secrets: [String: String]) { self.secrets = secrets }

  func secret(_ reference: SecretReference) -> String? { secrets[reference.description] }
}
