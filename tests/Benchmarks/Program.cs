Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- <suite>");
return 2;
