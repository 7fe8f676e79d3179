import BakeModel
import YAMLDocument

/// What templates know as `.Vars`.
public struct SpecVariables: Hashable, Sendable {
    let members: [String: DataValue]

    /// No variables.
    public static let none = SpecVariables(members: [:])

    init(members: [String: DataValue]) { self.members = members }

    /// Reads a file of variables, YAML or JSON.
    /// - Parameter name: the file's path, as people know it.
    public init(parsing bytes: [UInt8], name: String) throws(SourceFaults) {
        let document = try YAMLDocument(parsing: bytes, file: name)
        switch document.root {
        case nil: members = [:]
        case .mapping(let map)?: members = Dictionary(map.members.map { ($0.key.text, DataValue($0.value)) }) { $1 }
        case .scalar(let scalar)? where scalar.isNull: members = [:]
        case let node?:
            throw SourceFaults(document.source.fault("variables are a map, not \(node.kind)", at: node.position))
        }
    }

    /// These and others; maps are put together, and where both say something else the others count.
    public func merged(with others: SpecVariables) -> SpecVariables {
        SpecVariables(members: members.merging(others.members) { $0.merged(with: $1) })
    }

    /// These, with others in the place of those that have the same name.
    public func replacing(with others: SpecVariables) -> SpecVariables {
        SpecVariables(members: members.merging(others.members) { $1 })
    }
}

/// What a spec is read with.
public struct SpecContext: Sendable {
    /// `.Vars`.
    public let variables: SpecVariables
    /// `.Env`, and what `env` and `getEnv` look at. It may be costly to have: a template alone asks for it.
    public let environment: @Sendable () -> [String: String]
    /// What it may include and read; nil where it may not.
    public let files: (any SpecFiles)?
    /// The environment of whoever tests by hand, and lends the image what a spec names: variables of it, and files and
    /// directories of the machine. Nil where a spec comes out of a commit, which must get none of them.
    public let lender: [String: String]?

    /// Describes it.
    public init(
        variables: SpecVariables = .none,
        environment: @autoclosure @escaping @Sendable () -> [String: String] = [:], files: (any SpecFiles)? = nil,
        lender: [String: String]? = nil
    ) {
        self.variables = variables
        self.environment = environment
        self.files = files
        self.lender = lender
    }
}
