import BakeModel
import Glibc
import RootFilesystem
import YAMLDocument

extension StructureReading {
    private static let what = "\"containerRunOptions\""
    private static let byHand = "run the file by hand: bake test GENERATION FILE"

    /// `containerRunOptions`; what asks for nothing is as good as absent.
    mutating func runOptions(_ node: YAMLNode) -> StructureRunOptions {
        var options = StructureRunOptions()
        let keys = ["user", "privileged", "allocateTty", "envVars", "envFile", "capabilities", "bindMounts"]
        guard let map = record(node, Self.what, keys: keys) else { return options }
        options.user = text("user", map)
        options.hasTerminal = map["allocateTty"].flatMap { reader.flag($0, "\"allocateTty\"") } ?? false
        refusePrivileges(map)
        warnOfCapabilities(map)
        readVariables(map, &options)
        readMounts(map, &options)
        return options
    }

    private mutating func refusePrivileges(_ map: YAMLMapping) {
        guard let node = map["privileged"], reader.flag(node, "\"privileged\"") == true else { return }
        reader.note(
            "\"privileged\" is for what this machine's root may do, and no command in a sandbox may do that",
            at: node.position,
            suggestion: "leave it out where the tests do without; what needs it is no question to an image")
    }

    /// Docker's engine passes over the list that container-structure-test gives it, so no file depends on it.
    private mutating func warnOfCapabilities(_ map: YAMLMapping) {
        guard let node = map["capabilities"] else { return }
        for item in reader.items(node, "\"capabilities\"") ?? [] {
            guard let text = reader.text(item, "an item of \"capabilities\"") else { continue }
            let upper = text.uppercased()
            let name = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
            guard let capability = Capability(rawValue: name) else {
                if name == "ALL" { warnOfCapability(text, at: item) } else { refuse(capability: text, name, at: item) }
                continue
            }
            if !Sandbox.capabilities.contains(capability) { warnOfCapability(text, at: item) }
        }
    }

    private mutating func warnOfCapability(_ text: String, at node: YAMLNode) {
        warn(
            "\"\(text)\" is not given, as Docker gives a structure test none of this list: what needs it fails",
            at: node)
    }

    private mutating func refuse(capability text: String, _ name: String, at node: YAMLNode) {
        let hint = Spelling.suggestion(for: name, in: Capability.allCases.map(\.rawValue))
        reader.note("there is no capability \"\(text)\"", at: node.position, suggestion: hint)
    }
}

/// Variables of the environment and of a file.
extension StructureReading {
    private mutating func readVariables(_ map: YAMLMapping, _ options: inout StructureRunOptions) {
        let names = map["envVars"].flatMap { reader.items($0, "\"envVars\"") } ?? []
        let path = text("envFile", map) == nil ? nil : map["envFile"]
        guard !names.isEmpty || path != nil else { return }
        if let kept {
            options.variables = kept
            return
        }
        var variables = path.map { self.variables(ofFile: $0, &options) } ?? [:]
        for name in names {
            guard let (name, value) = variable(name) else { continue }
            variables[name] = value
            options.lent.append("the variable \(name) of the environment")
        }
        options.variables = variables
    }

    private mutating func variable(_ node: YAMLNode) -> (String, String)? {
        guard let name = reader.text(node, "an item of \"envVars\"") else { return nil }
        guard let lender = context.lender else {
            reader.note(
                "a spec of a commit does not see the environment of whoever bakes, so there is no \"\(name)\"",
                at: node.position, suggestion: "say its value in \"globalEnvVars\", or \(Self.byHand)")
            return nil
        }
        guard let value = lender[name], !value.isEmpty else {
            reader.note("the environment has no variable \"\(name)\", or it is empty", at: node.position)
            return nil
        }
        return (name, value)
    }

    /// As in container-structure-test tests go on without a file that cannot be read.
    private mutating func variables(
        ofFile node: YAMLNode, _ options: inout StructureRunOptions
    ) -> [String: String] {
        guard let path = reader.text(node, "\"envFile\""), let files = context.files else {
            reader.note("files are not read here: say the values in \"globalEnvVars\"", at: node.position)
            return [:]
        }
        do {
            let text = String(decoding: try files.contents(of: path), as: UTF8.self)
            let found = try EnvironmentFile(parsing: text, known: context.lender ?? context.environment())
                .variables
            if context.lender != nil, !found.isEmpty {
                options.lent.append("the variables \(found.keys.sorted().joined(separator: ", ")) of \(path)")
            }
            return found
        } catch {
            let reason = (error as? EnvironmentFile.Fault)?.reason ?? SpecLoading.reason(of: error)
            warn(
                "\"\(path)\" cannot be read (\(reason)): commands run without it, as under container-structure-test",
                at: node)
            return [:]
        }
    }
}

/// Files and directories of the machine.
extension StructureReading {
    private static let options = ["ro", "rw", "z", "Z", "private", "rprivate", "cached", "delegated", "consistent"]

    private mutating func readMounts(_ map: YAMLMapping, _ options: inout StructureRunOptions) {
        guard let node = map["bindMounts"], let items = reader.items(node, "\"bindMounts\""), !items.isEmpty
        else { return }
        guard context.lender != nil else {
            return reader.note(
                "a spec of a commit does not see the files of whoever bakes: nothing is mounted", at: node.position,
                suggestion: "bring them into the image, or \(Self.byHand)")
        }
        for item in items {
            guard let mount = mount(item) else { continue }
            if options.mounts.contains(where: { $0.target == mount.target }) {
                reader.note("\"\(mount.target)\" is mounted over twice", at: item.position)
            }
            options.mounts.append(mount)
            options.lent.append("\(mount.source) at \(mount.target)\(mount.isReadOnly ? ", to be read" : "")")
        }
        // What lies deeper comes later, as in Docker: it would be hidden.
        options.mounts.sort { $0.target.split(separator: "/").count < $1.target.split(separator: "/").count }
    }

    private mutating func mount(_ node: YAMLNode) -> Sandbox.Bind? {
        guard let text = reader.text(node, "an item of \"bindMounts\"") else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count) else {
            return refuse(mount: "a bind mount is HOST:CONTAINER or HOST:CONTAINER:OPTIONS, not \"\(text)\"", node)
        }
        let options = parts.count == 3 ? parts[2].split(separator: ",").map(String.init) : []
        if let unknown = options.first(where: { !Self.options.contains($0) }) {
            return refuse(mount: "a bind mount has no option \"\(unknown)\" in a sandbox", node)
        }
        if let fault = Self.fault(ofSource: parts[0]) { return refuse(mount: fault, node) }
        let target = TemplateFunctions.cleaned(parts[1])
        if let fault = Self.fault(ofTarget: target) { return refuse(mount: fault, node) }
        return Sandbox.Bind(parts[0], at: target, isReadOnly: options.contains("ro"))
    }

    private mutating func refuse(mount message: String, _ node: YAMLNode) -> Sandbox.Bind? {
        reader.note(message, at: node.position)
        return nil
    }

    private static func fault(ofSource path: String) -> String? {
        guard path.hasPrefix("/") else {
            return "\"\(path)\" is no absolute path: Docker takes it for a volume's name, and here are no volumes"
        }
        var status = stat()
        if stat(path, &status) == 0 { return nil }
        return errno == ENOENT
            ? "there is no \"\(path)\": Docker would make a directory there, bake makes nothing on this machine"
            : "\"\(path)\" cannot be mounted: \(String(cString: strerror(errno)))"
    }

    private static func fault(ofTarget path: String) -> String? {
        if !path.hasPrefix("/") { return "\"\(path)\" is no absolute path in the image" }
        if path == "/" { return "nothing is mounted over the whole image" }
        return path == "/proc" || path.hasPrefix("/proc/") ? "nothing is mounted in /proc" : nil
    }
}
