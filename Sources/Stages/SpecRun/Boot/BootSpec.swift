import BakeModel
import YAMLDocument

/// Images that are started side by side, each in namespaces of its own, with one network between them on which they
/// know each other by name; and what is asked of each.
public struct BootSpec: Hashable, Sendable {
    /// The file's path, as people know it.
    public let name: String
    /// The images, in the file's order.
    public let images: [BootedImage]

    /// Describes it.
    init(name: String, images: [BootedImage]) {
        self.name = name
        self.images = images
    }

    /// Reads a file with `boot:` at its top.
    /// - Throws: everything that is wrong with it and with the files that it names, with places.
    init(parsing text: String, name: String, with context: SpecContext) throws(SourceFaults) {
        let loading = SpecLoading.reader(of: context.files, besides: name)
        let rendered = try RenderedSpec(text, name: name, context, readFile: loading)
        let bytes = Array(rendered.text.utf8)
        let (reader, root) = YAMLReader.open(bytes, file: name)
        var reading = BootReading(reader, name: name, context)
        let images = root.map { reading.images($0) } ?? []
        let faults = reading.reader.faults.map(rendered.atOrigin) + reading.faultsOfFiles
        if let faults = SourceFaults(faults) { throw faults }
        self.init(name: name, images: images)
    }

    /// Whether text says that it is such a file. A template may be no YAML before it is filled in.
    static func isMeant(by text: String) -> Bool {
        guard text.utf8.containsSequence(Array(key.utf8)) else { return false }
        guard let document = try? YAMLDocument(parsing: Array(text.utf8), file: "") else {
            return text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("\(key):") }
        }
        guard case .mapping(let map) = document.root else { return false }
        return map[key] != nil
    }

    /// What stands at the top of such a file, alone.
    static let key = "boot"

    /// The references to images that it names, each once.
    var references: [String] {
        images.reduce(into: []) { found, image in
            if let reference = image.reference, !found.contains(reference) { found.append(reference) }
        }
    }
}

/// One of the images, how it is started, and what is asked of it.
public struct BootedImage: Hashable, Sendable {
    /// Its host name, by which the others know it.
    public let name: String
    /// What image it is, as references name them; nil for the image that is tested.
    public let reference: String?
    /// What is said over the image's own configuration.
    let settings: ImageConfiguration
    /// Those whose checks must hold before it is started.
    let predecessors: [String]
    /// What is asked of it.
    let spec: Spec

    /// The ports that are named with it must be reachable by its name: this is checked before anything else.
    var ports: [Resource] {
        settings.ports.compactMap { port in
            let number = port.prefix { $0 != "/" }
            // Nothing answers a datagram for sure: of UDP it is asked whether something listens.
            if port.hasSuffix("/udp") {
                return ListeningPort("udp:\(number)").map { Resource.behaviour("udp:\(number)", .port($0), .listening) }
            }
            let request = AddressRequest(network: "tcp", address: "\(name):\(number)")
            return Resource.behaviour("tcp://\(name):\(number)", .addr(request), .reachable)
        }
    }
}

extension Resource {
    /// Something that must be so.
    fileprivate static func behaviour(_ id: String, _ inquiry: Inquiry, _ property: Property) -> Resource {
        Resource(
            id: id, key: id, inquiry: inquiry,
            expectations: [Expectation(property: property, matcher: .bool(true))], isSkipped: false)
    }
}
