import Glibc
import LinuxSystem

/// Processes of the image that have a name.
struct ProcessState: ResourceState {
    let name: String
    /// Whether one runs.
    let isRunning: Bool

    /// Looks through a /proc, past the processes that are bake's own. One that is gone with its process 1 shows none. The
    /// dead that nobody waits for do not run.
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

    /// What stands in parentheses; the name may have parentheses itself. Nil for the dead. proc(5).
    private static func command(in status: [UInt8]) -> ArraySlice<UInt8>? {
        guard let open = status.firstIndex(of: UInt8(ascii: "(")), let close = status.lastIndex(of: UInt8(ascii: ")")),
            open < close, !isDead(status[(close + 1)...].split(separator: UInt8(ascii: " ")))
        else { return nil }
        return status[(open + 1)..<close]
    }

    /// Whether it is a zombie, and not one whose first thread alone has ended.
    /// - Parameter fields: those behind the name: the state is the first, the number of threads the 18th.
    private static func isDead(_ fields: [ArraySlice<UInt8>]) -> Bool {
        guard fields.count > 17, fields[0].elementsEqual("Z".utf8) else { return false }
        return fields[17].elementsEqual("1".utf8)
    }
}
