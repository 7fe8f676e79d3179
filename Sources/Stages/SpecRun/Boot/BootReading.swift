import BakeModel
import RootFilesystem
import YAMLDocument

/// Reads the images of `boot:` and collects everything that is wrong with them.
struct BootReading {
    var reader: YAMLReader
    /// What is wrong with the spec files that they name.
    private(set) var faultsOfFiles: [SourceFault] = []
    private let name: String
    private let context: SpecContext

    /// How many may be started side by side.
    static let most = NetworkSwitch.most
    private static let keys = [
        "image", "entrypoint", "cmd", "env", "user", "workdir", "ports", "after", "spec",
    ]

    init(_ reader: YAMLReader, name: String, _ context: SpecContext) {
        self.reader = reader
        self.name = name
        self.context = context
    }

    /// The images, in the file's order.
    mutating func images(_ root: YAMLNode) -> [BootedImage] {
        guard let file = reader.record(root, "a spec with \"boot\"", keys: [BootSpec.key]),
            let node = file[BootSpec.key],
            let map = reader.mapping(node, "\"boot\"")
        else { return [] }
        if map.members.isEmpty { reader.note("\"boot\" names no image", at: map.position) }
        if map.members.count > Self.most {
            reader.note("more than \(Self.most) images side by side", at: map.members[Self.most].key.position)
        }
        let names = map.members.map(\.key.text)
        let images = map.members.compactMap { image($0, among: names) }
        noteCycles(of: images, at: map)
        return images
    }

    private mutating func image(_ member: YAMLMapping.Member, among names: [String]) -> BootedImage? {
        let name = member.key.text
        if !NameGrammar.accepts(name) || name == "localhost" {
            reader.note(
                "\"\(name)\" is no name of a host", at: member.key.position, suggestion: NameGrammar.explanation)
        }
        // `app:` alone is the image as it is.
        if case .scalar(let scalar) = member.value, scalar.isNull { return plain(name) }
        guard let map = reader.record(member.value, "a booted image", keys: Self.keys) else { return nil }
        return BootedImage(
            name: name, reference: map["image"].flatMap { reference($0) }, settings: settings(map),
            predecessors: map["after"].map { predecessors($0, of: name, among: names) } ?? [],
            spec: Spec(map["spec"].map { parts($0, of: name) } ?? []))
    }

    private func plain(_ name: String) -> BootedImage {
        BootedImage(name: name, reference: nil, settings: ImageConfiguration(), predecessors: [], spec: Spec([]))
    }

    private mutating func reference(_ node: YAMLNode) -> String? {
        guard let text = reader.text(node, "\"image\"") else { return nil }
        do throws(ReferenceFault) {
            // Which moment "yesterday" is, is asked when the image is looked up.
            let reference = try Reference(text, clock: LocalClock(now: Timestamp(milliseconds: 0)) { _ in 0 })
            if reference.path == nil { return text }
            reader.note("\"image\" is a whole image, not a path in one", at: node.position)
        } catch {
            reader.note(error.reason, at: node.position, suggestion: "as in image: app@3, app:production, or a digest")
        }
        return nil
    }

    private mutating func predecessors(_ node: YAMLNode, of name: String, among names: [String]) -> [String] {
        let nodes = if case .sequence(let list) = node { list.items } else { [node] }
        return nodes.compactMap { node in
            guard let text = reader.text(node, "\"after\"") else { return nil }
            if names.contains(text) { return text }
            reader.note(
                "no image \"\(text)\" is booted here", at: node.position,
                suggestion: Spelling.suggestion(for: text, in: names)
                    ?? "the images are \(names.joined(separator: ", "))")
            return nil
        }
    }

    private mutating func noteCycles(of images: [BootedImage], at map: YAMLMapping) {
        let needs = Dictionary(images.map { ($0.name, $0.predecessors) }) { first, _ in first }
        for cycle in Cycles.find(in: images.map(\.name), needs: { needs[$0] ?? [] }) {
            let place = map.members.first { $0.key.text == cycle[0] }?.key.position ?? map.position
            reader.note("they wait for each other: \((cycle + [cycle[0]]).joined(separator: " after "))", at: place)
        }
    }
}

extension BootReading {
    /// What is asked of an image: a file, the checks themselves, or a list of these.
    private mutating func parts(_ node: YAMLNode, of image: String) -> [Spec.Part] {
        guard case .sequence(let list) = node else { return part(node, of: image).map { [$0] } ?? [] }
        return list.items.compactMap { part($0, of: image) }
    }

    private mutating func part(_ node: YAMLNode, of image: String) -> Spec.Part? {
        if case .mapping = node { return inline(node, of: image) }
        guard let path = reader.text(node, "\"spec\"") else { return nil }
        guard let files = context.files else {
            reader.note("files are not read here: write the checks themselves below \"spec\"", at: node.position)
            return nil
        }
        let full = SpecLoading.path(path, besides: name)
        do {
            let text = String(decoding: try files.contents(of: full), as: UTF8.self)
            guard !BootSpec.isMeant(by: text) else {
                reader.note("\"\(full)\" boots images itself", at: node.position)
                return nil
            }
            return try Spec.part(text, full, context)
        } catch let faults as SourceFaults {
            faultsOfFiles += faults.faults
        } catch {
            reader.note("\"\(full)\" cannot be read: \(SpecLoading.reason(of: error))", at: node.position)
        }
        return nil
    }

    private mutating func inline(_ node: YAMLNode, of image: String) -> Spec.Part? {
        let extract = YAMLExtract(node)
        do throws(SourceFaults) {
            return try Spec.part(extract.text, "\(name) (\(image))", context)
        } catch {
            for fault in error.faults {
                reader.note(fault.message, at: extract.origin(of: fault.position), suggestion: fault.suggestion)
            }
            return nil
        }
    }
}
