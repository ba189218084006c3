import AdapterKit
import Ledger
import PostingRules

/// Reads every file of a folder; what cannot be read is reported and left out.
struct FolderReader {
  let folder: ConfigurationFolder
  let path: String
  let adapters: [AdapterKeys]
  let adapterKinds: [AdapterKeys]
  let secrets: any SecretSource
  let exceptionClasses: [String]
  let findings: FindingList

  /// Keys of an entity that no entry depends on.
  private static let outsideRules: Set<String> = ["chart", "connection", "periods"]
  /// Keys of `postern.yaml` that no entry depends on.
  private static let outsideInstallation: Set<String> = [
    "installation", "defaultSource", "store", "limits", "audit", "activation",
  ]

  /// Keys of a source that no entry depends on.
  private static let outsideSource = Set(KnownTable.source.keys).subtracting(["defaults"])

  func read() -> FolderContents {
    var contents = FolderContents()
    let version = ContentVersion()
    readInstallation(&contents, version)
    readEntities(&contents, version)
    readConnections(&contents)
    readSources(&contents, version)
    readAccounts(&contents, version)
    readLists(&contents, version)
    readRates(&contents)
    readDuties(&contents)
    for (_, file) in folder.codes(in: "tests") {
      guard let document = document(file) else { continue }
      contents.ruleTests += RuleTestReader(findings: findings).read(document)
    }
    contents.version = version.finish()
    return contents
  }

  /// The values of a YAML file; nil when it is absent or cannot be read.
  private func document(_ file: String) -> YAMLValue? {
    guard let bytes = folder.files[file] else { return nil }
    return YAMLReader().read(bytes, file: file, into: findings)
  }

  private func readInstallation(_ contents: inout FolderContents, _ version: ContentVersion) {
    let file = "postern.yaml"
    guard folder.files[file] != nil else {
      findings.error(
        "missing_file", FilePlace(file: file), "The folder has no postern.yaml",
        fix: "Make a configuration with 'postern init', or name another folder with --config")
      return
    }
    guard let document = document(file) else { return }
    contents.installation = InstallationReader(folder: path, findings: findings).read(document)
    version.add(document, named: file, without: Self.outsideInstallation)
  }

  private func readEntities(_ contents: inout FolderContents, _ version: ContentVersion) {
    let groups = contents.installation?.settings.groups ?? []
    for (code, file) in folder.codes(in: "entities") {
      contents.entityCodes.insert(LegalEntityID(code))
      guard let document = document(file) else { continue }
      version.add(document, named: file, without: Self.outsideRules)
      guard var entity = EntityReader(findings: findings).read(document, code: code) else {
        continue
      }
      entity.rules.groups = groups.filter { $0.entities.contains(LegalEntityID(code)) }
        .map(\.name)
      contents.entities.append(entity)
    }
    readCharts(&contents)
  }

  /// Charts of accounts: those in `charts/`, and those beside `postern.yaml` that an entity names.
  private func readCharts(_ contents: inout FolderContents) {
    let reader = ChartReader(findings: findings)
    let named = Set(contents.entities.compactMap { $0.chart?.name })
    for (file, bytes) in folder.files.sorted(by: { $0.key < $1.key }) where file.hasSuffix(".csv") {
      if file.hasPrefix("charts/") || named.contains(file) {
        contents.charts[file] = reader.read(bytes, file: file)
      } else if !file.contains("/") {
        findings.add(
          .warning, "file_not_read", FilePlace(file: file),
          "The file is not read: no entity names it as its chart",
          fix: "Move it to rates/ or charts/ if that is what it is")
      }
    }
  }

  private func readConnections(_ contents: inout FolderContents) {
    let declared = AdapterFolderReader(
      folder: folder, path: path, kinds: adapterKinds, secrets: secrets, findings: findings
    ).read()
    contents.adapters = declared.folders
    let reader = ConnectionReader(
      adapters: adapters + declared.keys,
      unreadable: Set(folder.adapterNames).subtracting(declared.folders.map(\.name)),
      secrets: secrets, findings: findings)
    for (code, file) in folder.codes(in: "connections") {
      contents.connectionCodes.insert(ConnectionID(code))
      guard let document = document(file),
        let connection = reader.read(document, code: code)
      else { continue }
      contents.connections.append(connection)
    }
  }

  private func readSources(_ contents: inout FolderContents, _ version: ContentVersion) {
    for (code, file) in folder.codes(in: "sources") {
      contents.sourceCodes.insert(code)
      guard let document = document(file),
        let source = SourceReader(findings: findings).read(document, code: code)
      else { continue }
      if source.configuration.defaults != nil {
        version.add(document, named: file, without: Self.outsideSource)
      }
      contents.sources.append(source)
    }
  }

  private func readAccounts(_ contents: inout FolderContents, _ version: ContentVersion) {
    let reader = AccountTableReader(findings: findings)
    for (role, file) in folder.codes(in: "accounts") {
      guard let document = document(file) else {
        if let role = AccountRole(rawValue: role) { contents.incompleteRoles.insert(role) }
        continue
      }
      SecretKeys.report(in: document, findings)
      version.add(document, named: file)
      let errors = findings.errorCount
      for row in reader.read(document, role: role) {
        contents.rows[row.role, default: []].append(row)
      }
      if findings.errorCount > errors, let role = AccountRole(rawValue: role) {
        contents.incompleteRoles.insert(role)
      }
    }
  }

  private func readLists(_ contents: inout FolderContents, _ version: ContentVersion) {
    if let document = document("taxes.yaml") {
      version.add(document, named: "taxes.yaml")
      contents.taxes = TaxReader(findings: findings).read(document)
    }
    if let document = document("intercompany.yaml") {
      version.add(document, named: "intercompany.yaml")
      contents.intercompany = IntercompanyReader(findings: findings).read(document)
    }
    if let document = document("dimensions.yaml") {
      version.add(document, named: "dimensions.yaml")
      contents.dimensions = DimensionReader(findings: findings).read(document)
    }
    if let document = document("bank-accounts.yaml") {
      version.add(document, named: "bank-accounts.yaml")
      contents.bankAccounts = BankAccountReader(findings: findings).read(document)
    }
    for row in contents.taxes.rows + contents.bankAccounts.rows {
      contents.rows[row.role, default: []].append(row)
    }
  }

  /// What people have to do about exceptions, and how they hear of them.
  private func readDuties(_ contents: inout FolderContents) {
    let classes = ExceptionClassCheck(
      known: exceptionClasses, entities: contents.entityCodes,
      connections: contents.connectionCodes, findings: findings)
    if let document = document("exceptions.yaml") {
      contents.exceptions = ExceptionSettingsReader(classes: classes, findings: findings)
        .read(document)
    }
    if let document = document("alerts.yaml") {
      contents.alerts = AlertReader(classes: classes, findings: findings).read(document)
    }
  }

  private func readRates(_ contents: inout FolderContents) {
    let reader = RateReader(findings: findings)
    for (_, file) in folder.codes(in: "rates") {
      guard let bytes = folder.files[file] else { continue }
      let rows = reader.read(bytes, file: file)
      contents.rates += rows
      let samples = rows.count { $0.rate.source == LoadedConfiguration.sampleRateSource }
      if samples > 0 { contents.sampleRates.append((file, samples)) }
    }
  }
}
