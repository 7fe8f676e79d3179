import BakeModel
import YAMLDocument

/// Reads a spec and what it includes, and collects everything that is wrong with any of them.
struct SpecLoading {
    private let context: SpecContext
    private var merged = ResourceMerge()
    private(set) var documents: [SpecDocument] = []
    private(set) var warnings: [SourceFault] = []
    private var faults: [SourceFault] = []
    /// As in goss.
    private static let deepest = 50
    /// How many files one spec may include.
    private static let most = 1000
    /// How long all their texts together may be, in bytes.
    private static let longest = 8 << 20
    private var length = 0

    init(_ context: SpecContext) { self.context = context }

    /// Reads the file that was named.
    mutating func load(_ text: String, name: String) throws(SourceFaults) -> [Resource] {
        let root = load(text, name: name, depth: 0)
        if faults.isEmpty, merged.resources.allSatisfy(\.isSkipped) {
            let message = merged.resources.isEmpty ? "the spec checks nothing" : "the spec skips everything"
            faults.append(
                SourceText(file: name, bytes: Array(text.utf8)).fault(
                    message, at: root?.position ?? .start,
                    suggestion: "leave out \"spec\" where nothing is to be checked"))
        }
        if let faults = SourceFaults(faults) { throw faults }
        return merged.resources
    }

    /// Reads filled-in documents that were read once before.
    mutating func load(_ documents: [SpecDocument]) throws(SourceFaults) -> [Resource] {
        for document in documents {
            let (reader, root) = YAMLReader.open(Array(document.text.utf8), file: document.name, limits: .spec)
            var reading = SpecReading(reader, SourceText(file: document.name, bytes: Array(document.text.utf8)))
            merged.add(root.map { reading.resources($0) } ?? [])
            faults += reading.reader.faults
        }
        self.documents = documents
        if let faults = SourceFaults(faults) { throw faults }
        return merged.resources
    }

    private mutating func load(_ text: String, name: String, depth: Int) -> YAMLNode? {
        do throws(SourceFaults) {
            let rendered = try RenderedSpec(
                text, name: name, context, readFile: Self.reader(of: context.files, besides: name))
            let bytes = Array(rendered.text.utf8)
            let (reader, root) = YAMLReader.open(bytes, file: name, limits: .spec)
            documents.append(SpecDocument(name: name, text: rendered.text))
            length += bytes.count
            var reading = SpecReading(reader, SourceText(file: name, bytes: bytes))
            if root == nil, reader.faults.isEmpty, depth == 0 {
                reading.reader.note("the file says nothing", at: .start)
            }
            merged.add(root.map { reading.resources($0) } ?? [])
            let inclusions = root.map { reading.inclusions($0) } ?? []
            for inclusion in inclusions { include(inclusion, from: name, depth, &reading) }
            faults += reading.reader.faults.map(rendered.atOrigin)
            warnings += reading.warnings.map(rendered.atOrigin)
            return root
        } catch {
            faults += error.faults
            return nil
        }
    }

    private mutating func include(
        _ inclusion: SpecInclusion, from name: String, _ depth: Int, _ reading: inout SpecReading
    ) {
        guard let files = context.files else {
            return reading.reader.note("checks in a pipeline file include no files", at: inclusion.position)
        }
        guard depth < Self.deepest, documents.count < Self.most, length < Self.longest else {
            return reading.reader.note(
                "files include each other deeper than \(Self.deepest), or are too many or too long",
                at: inclusion.position)
        }
        let pattern = Self.pattern(inclusion.pattern, besides: name)
        do {
            let paths = try files.paths(matching: pattern)
            if paths.isEmpty {
                reading.reader.note("there is no file \"\(pattern)\"", at: inclusion.position)
            }
            for path in paths {
                let text = String(decoding: try files.contents(of: path), as: UTF8.self)
                _ = load(text, name: path, depth: depth + 1)
            }
        } catch {
            reading.reader.note("\"\(pattern)\" cannot be read: \(Self.reason(of: error))", at: inclusion.position)
        }
    }

    /// What templates read: paths are relative to the file that names them, and white space around it goes, as in goss.
    static func reader(
        of files: (any SpecFiles)?, besides name: String
    ) -> @Sendable (String) throws -> String {
        { path in
            guard let files else { throw TemplateFault("a template in a pipeline file reads no files") }
            do {
                let text = String(decoding: try files.contents(of: Self.path(path, besides: name)), as: UTF8.self)
                let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
                return String(text[..<end].drop(while: \.isWhitespace))
            } catch {
                throw TemplateFault("\"\(path)\" cannot be read: \(Self.reason(of: error))")
            }
        }
    }

    /// A pattern of paths as a file names it: what its own path has of `*`, `?` and `[` means itself.
    private static func pattern(_ pattern: String, besides name: String) -> String {
        path(pattern, besides: MachineSpecFiles.escaped(name))
    }

    /// A path as a file names it.
    static func path(_ path: String, besides name: String) -> String {
        guard !path.hasPrefix("/"), let slash = name.lastIndex(of: "/") else { return TemplateFunctions.cleaned(path) }
        return TemplateFunctions.cleaned("\(name[...slash])\(path)")
    }

    /// Why a file cannot be read.
    static func reason(of error: any Error) -> String {
        (error as? any ExplainedError)?.reason ?? String(describing: error)
    }
}

extension YAMLLimits {
    /// Those of specs, which other tools read, too: they take aliases.
    static let spec = {
        var limits = YAMLLimits()
        limits.takesAliases = true
        return limits
    }()
}

/// The resources of several files: one that stands in two of them is what the later one says, in the earlier's place.
struct ResourceMerge {
    private(set) var resources: [Resource] = []
    private var places: [String: Int] = [:]

    /// Adds a file's resources.
    mutating func add(_ added: [Resource]) {
        for resource in added {
            let key = "\(resource.type.rawValue) \(resource.key)"
            if let place = places[key] {
                resources[place] = resource
            } else {
                places[key] = resources.count
                resources.append(resource)
            }
        }
    }
}
