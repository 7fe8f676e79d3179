import BakeModel
import YAMLDocument

/// What an image must pass: files in any vocabulary that bake reads, commands of stages, and images that are booted
/// side by side, in order.
public struct Spec: Hashable, Sendable {
    /// One part.
    public enum Part: Hashable, Sendable {
        /// A file in goss's vocabulary.
        case goss(SpecFile)
        /// A file in container-structure-test's vocabulary.
        case structure(StructureFile)
        /// A command in a stage's root.
        case command(StageCheck)
        /// Images that are started side by side.
        case boot(BootSpec)
    }

    /// The parts, in the order in which they are reported.
    public let parts: [Part]
    private static let listSchema = "bake/spec/1"

    /// Puts parts together.
    public init(_ parts: [Part]) { self.parts = parts }

    /// Reads a file, in the vocabulary that it is written in: one with a `schemaVersion` is container-structure-test's,
    /// one with `boot` names images. A list that an earlier bake kept is read, too.
    /// - Throws: everything that is wrong with it, with places.
    public init(parsing text: String, name: String, with context: SpecContext = SpecContext()) throws(SourceFaults) {
        if text.hasPrefix("{"), let json = try? JSON(parsing: Array(text.utf8)),
            json["schema"]?.string == Self.listSchema
        {
            try self.init(kept: json, name, with: context)
            if parts.isEmpty { throw Self.fault("the list of parts is empty", in: name) }
        } else if BootSpec.isMeant(by: text) {
            self.init([.boot(try BootSpec(parsing: text, name: name, with: context))])
        } else {
            self.init([try Self.part(text, name, context)])
        }
    }

    /// How people know it: the name of its file, or of all of them.
    public var name: String { parts.map(\.name).joined(separator: ", ") }

    /// What is kept of it: the file as it is, or a list of several.
    public var document: (mediaType: String, text: String) {
        switch parts.count == 1 ? parts[0] : nil {
        case .goss(let file) where file.isPlain: ("application/yaml", file.text)
        case .structure(let file) where file.options.variables == nil: ("application/yaml", file.text)
        case .goss, .structure, .command, .boot, nil: ("application/json", list.canonical)
        }
    }

    /// The digest of what is kept: another one is another spec.
    public var digest: Digest { Digest.of(document.text.utf8) }

    /// The stages whose roots it needs, each once.
    public var stages: [StageName] {
        parts.reduce(into: []) { found, part in
            if case .command(let check) = part, !found.contains(check.stage) { found.append(check.stage) }
        }
    }

    /// Whether nothing of it can be asked where no stage's root is at hand.
    public var asksStagesAlone: Bool {
        parts.allSatisfy { if case .command = $0 { true } else { false } }
    }

    /// Whether its goss files run commands, and ask nothing that the image's process is started for.
    public var runsCommandsAlone: Bool {
        let file = gossFile
        return !file.asksRunningImage && file.resources.contains { $0.type == .command && !$0.isSkipped }
    }

    /// The references to other images that it names, each once.
    public var images: [String] {
        let all = parts.flatMap { part -> [String] in if case .boot(let boot) = part { boot.references } else { [] } }
        return all.reduce(into: []) { found, name in if !found.contains(name) { found.append(name) } }
    }

    /// What is legal and yet probably not meant, in all its files.
    public var warnings: [SourceFault] {
        parts.flatMap { part in
            switch part {
            case .goss(let file): file.warnings
            case .structure(let file): file.warnings
            case .boot(let boot): boot.images.flatMap(\.spec.warnings)
            case .command: [SourceFault]()
            }
        }
    }

    /// What of whoever tests the image is lent, each as people are told.
    public var lent: [String] {
        parts.flatMap { part in
            switch part {
            case .structure(let file): file.options.lent
            case .boot(let boot): boot.images.flatMap(\.spec.lent)
            case .goss, .command: [String]()
            }
        }
    }

    /// The parts as they are kept where there are several.
    var list: JSON { ["schema": .string(Self.listSchema), "parts": .array(parts.map(\.json))] }

    /// A file that asks the image that is tested.
    static func part(
        _ text: String, _ name: String, _ context: SpecContext = SpecContext()
    ) throws(SourceFaults) -> Part {
        if StructureFile.isMeant(by: text) {
            return .structure(try StructureFile(parsing: text, name: name, with: context))
        }
        return .goss(try SpecFile(parsing: text, name: name, with: context))
    }

    /// Reads a list that `list` wrote.
    /// - Parameter name: the spec's, for messages.
    /// - Throws: also for a part of a kind that this version does not know: what is not asked must not pass.
    init(kept json: JSON, _ name: String, with context: SpecContext) throws(SourceFaults) {
        guard let items = json["parts"]?.items else { throw Self.fault("it has no list of parts", in: name) }
        var parts: [Part] = []
        for (offset, item) in items.enumerated() {
            guard let part = try Self.part(kept: item, name, context) else {
                throw Self.fault("part \(offset + 1) is of no kind that this version knows", in: name)
            }
            parts.append(part)
        }
        self.init(parts)
    }

    private static func part(kept item: JSON, _ name: String, _ context: SpecContext) throws(SourceFaults) -> Part? {
        if let check = StageCheck(item) { return .command(check) }
        if let boot = try BootSpec(item, name, context) { return .boot(boot) }
        if let documents = item["documents"]?.all(SpecDocument.init), !documents.isEmpty {
            return .goss(try SpecFile(documents: documents))
        }
        guard let name = item["name"]?.string, let text = item["text"]?.string else { return nil }
        guard let kept = item["variables"] else { return try part(text, name, context) }
        guard let variables = kept.members?.mapValues(\.string), !variables.values.contains(nil) else { return nil }
        return .structure(
            try StructureFile(
                parsing: text, name: name, with: context, keeping: variables.compactMapValues { $0 }))
    }

    /// A fault of a spec that an earlier or later bake kept.
    static func fault(_ message: String, in name: String) -> SourceFaults {
        SourceFaults(
            SourceFault(
                file: name, position: .start, text: "", message: message,
                suggestion: "another version of bake may have kept it"))
    }
}

extension Spec.Part {
    /// How people know it.
    var name: String {
        switch self {
        case .goss(let file): file.name
        case .structure(let file): file.name
        case .command(let check): "in \(check.stage)"
        case .boot(let boot): boot.name
        }
    }

    /// The part in a list.
    var json: JSON {
        switch self {
        case .goss(let file) where file.isPlain: ["name": .string(file.name), "text": .string(file.text)]
        case .goss(let file): ["documents": .array(file.documents.map(\.json))]
        case .structure(let file):
            .record(["name": .string(file.name), "text": .string(file.text), "variables": file.options.json])
        case .command(let check): ["in": .string(check.stage.text), "run": .string(check.script)]
        case .boot(let boot): boot.json
        }
    }
}

extension SpecDocument {
    fileprivate var json: JSON { ["name": .string(name), "text": .string(text)] }

    fileprivate init?(_ json: JSON) {
        guard let name = json["name"]?.string, let text = json["text"]?.string else { return nil }
        self.init(name: name, text: text)
    }
}

extension StageCheck {
    fileprivate init?(_ json: JSON) {
        guard let stage = json["in"]?.string.flatMap({ StageName($0) }), let script = json["run"]?.string else {
            return nil
        }
        self.init(stage: stage, script: script)
    }
}
