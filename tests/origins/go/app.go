package main

import (
	"fmt"
	"net/http"
	"os"
)

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, text) }
}

func main() {
	http.HandleFunc("/mypage", says("personal:mypage"))
	http.HandleFunc("/account/", says("personal:account"))
	http.HandleFunc("/area/orders", says("personal:area"))
	http.HandleFunc("/", says("public"))
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
