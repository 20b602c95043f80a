# The router and the controllers of Rails, without the rest of it.
require 'logger'
require 'action_controller'
require 'action_dispatch'

class PagesController < ActionController::Base
  def show
    render plain: params[:text]
  end
end

routes = ActionDispatch::Routing::RouteSet.new
routes.draw do
  get '/mypage', to: 'pages#show', text: 'personal:mypage'
  get '/account(/*rest)', to: 'pages#show', text: 'personal:account'
  get '/area/orders', to: 'pages#show', text: 'personal:area'
  get '(*rest)', to: 'pages#show', text: 'public'
end

run routes
