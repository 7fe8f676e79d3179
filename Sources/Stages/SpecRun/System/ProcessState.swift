import Glibc
import LinuxSystem

/// Processes of the image that have a name.
struct ProcessState: ResourceState {
    let name: String
    /// Whether one runs.
    let isRunning: Bool

    /// Looks through a /proc, past the processes that are bake's own. One that is gone with its process 1 shows none.
    init(_ name: String, processDirectory directory: String, except foreign: Set<Int32>) throws {
        self.name = name
        isRunning = try Self.commands(in: directory, except: foreign).contains { $0.elementsEqual(name.utf8) }
    }

    private static func commands(
        in directory: String, except foreign: Set<Int32>
    ) throws(SystemError) -> [ArraySlice<UInt8>] {
        let (list, names) = try entries(of: directory)
        var commands: [ArraySlice<UInt8>] = []
        for entry in names {
            guard let number = Int32(entry), !foreign.contains(number),
                // One that ended in between has no file any more.
                let status = try? list?.open("\(entry)/stat", O_RDONLY).readAll(limit: 1 << 16),
                let command = command(in: status)
            else { continue }
            commands.append(command)
        }
        return commands
    }

    private static func entries(of directory: String) throws(SystemError) -> (Descriptor?, [String]) {
        do throws(SystemError) {
            let list = try Descriptor.open(directory, O_RDONLY | O_DIRECTORY)
            return (list, try DirectoryListing.names(of: list))
        } catch  where [ENOENT, ESRCH].contains(error.number) {
            return (nil, [])
        }
    }

    func value(of property: Property) throws -> FoundValue {
        guard property == .running else { throw StateError.unasked(property, of: name) }
        return .bool(isRunning)
    }

    /// What stands in parentheses; the name may have parentheses itself. proc(5).
    private static func command(in status: [UInt8]) -> ArraySlice<UInt8>? {
        guard let open = status.firstIndex(of: UInt8(ascii: "(")), let close = status.lastIndex(of: UInt8(ascii: ")")),
            open < close
        else { return nil }
        return status[(open + 1)..<close]
    }
}
